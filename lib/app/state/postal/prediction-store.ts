import { predictionSpansSchema } from '../../../core/postal/predictions/prediction-spans.ts';
import { collectionOf } from '../collection.ts';

/** What the probes of each endpoint predicted, by hostname. It is forgotten once the hostname is registered no more. */
export const {
  list: listPredictions,
  save: savePredictions,
  remove: forgetPredictions,
} = collectionOf('predictions', predictionSpansSchema);
