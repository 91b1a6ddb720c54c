import { adopt } from '../commands/adopt.ts';
import { auditPostal } from '../commands/audit.ts';
import { bulk } from '../commands/bulk.ts';
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
import { report } from '../commands/report.ts';
import { show } from '../commands/show.ts';
import { status } from '../commands/status.ts';
import { undo } from '../commands/undo.ts';
import { whoami } from '../commands/whoami.ts';

/**
 * The use cases that the worker loads with the first command that needs one of them: those of the verbs that only read, and of rare changes. In a cold start
 * neither changes of one hostname nor announcements and alerts wait for them.
 */
export const verbsOnDemand = {
  pending,
  bulk,
  drift,
  show,
  list,
  check,
  history,
  move,
  adopt,
  undo,
  explain: explainText,
  status,
  doctor,
  whoami,
  audit: auditPostal,
  report,
  home,
  import: importEndpoints,
};
