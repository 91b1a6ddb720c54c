import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of a workspace: the given one, which stays, or a temporary one, which `remove` deletes. */
export const openFolder = (folder: string | undefined): { readonly path: string; readonly remove: () => void } => {
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    return { path: folder, remove: () => undefined };
  }
  const path = mkdtempSync(join(tmpdir(), 'postal-endpoint-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** Writes policy and Postal profile where the functions read them. */
export const writeConfiguration = (
  path: string,
  policy: object,
  postalProfile: object,
): { readonly policyFile: string; readonly postalProfileFile: string } => {
  const [policyFile, postalProfileFile] = [join(path, 'policy.json'), join(path, 'postal-profile.json')];
  writeFileSync(policyFile, JSON.stringify(policy, null, 2));
  writeFileSync(postalProfileFile, JSON.stringify(postalProfile, null, 2));
  return { policyFile, postalProfileFile };
};
