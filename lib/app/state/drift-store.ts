import { driftedSchema } from '../../core/watch/health/drifted.ts';
import { collectionOf } from './collection.ts';

/** By hostname; also of names that carry a marker of ours and are not registered. */
export const { list: listDrifts, save: saveDrift, remove: removeDrift } = collectionOf('drifts', driftedSchema);
