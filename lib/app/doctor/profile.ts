import { type Examined, good, unsure } from '../../core/base/examined.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';

/** What the bot takes Postal to be, for a person to compare: nothing but Postal itself could confirm it. */
export const examineProfile = ({
  version,
  heloHostname,
  returnPathDomain,
  nameservers,
  webUrl,
}: PostalProfile): Examined => {
  const detail = `${version}, says EHLO ${heloHostname}, sends from ${returnPathDomain}, asks ${nameservers.join(', ')}`;
  return webUrl === undefined
    ? unsure(
        'Postal profile',
        `${detail}; without webUrl no message can link to it`,
        'Add webUrl to postal-profile.json.',
      )
    : good('Postal profile', detail);
};
