import { healthSchema } from '../../core/watch/health/health.ts';
import { collectionOf } from './collection.ts';

/** What watch remembers, by hostname. It is forgotten once the hostname is registered no more. */
export const {
  list: listHealths,
  read: readHealth,
  save: saveHealth,
  remove: forgetHealth,
} = collectionOf('healths', healthSchema);
