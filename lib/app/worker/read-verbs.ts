import { auditPostal } from '../commands/audit.ts';
import { check } from '../commands/check.ts';
import { doctor } from '../commands/doctor.ts';
import { drift } from '../commands/drift.ts';
import { explainText } from '../commands/explain.ts';
import { history } from '../commands/history.ts';
import { home } from '../commands/home.ts';
import { importEndpoints } from '../commands/import-endpoints.ts';
import { list } from '../commands/list.ts';
import { move } from '../commands/move.ts';
import { pending } from '../commands/pending.ts';
import { show } from '../commands/show.ts';
import { status } from '../commands/status.ts';
import { whoami } from '../commands/whoami.ts';

/**
 * The use cases of the verbs that only read, and of `import` and `move`, which propose a bulk. The worker loads them with the first such command: changes,
 * announcements and alerts do not wait for them in a cold start.
 */
export const readVerbs = {
  pending,
  drift,
  show,
  list,
  check,
  history,
  move,
  explain: explainText,
  status,
  doctor,
  whoami,
  audit: auditPostal,
  home,
  import: importEndpoints,
};
