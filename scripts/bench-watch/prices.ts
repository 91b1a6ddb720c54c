/**
 * Public prices in dollars, us-east-1, on demand, without the free tier, as published in June 2025:
 * https://aws.amazon.com/lambda/pricing/ (arm64) and https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export const prices = {
  asOf: '2025-06',
  region: 'us-east-1',
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2e-6,
  readUnit: 0.125e-6,
  writeUnit: 0.625e-6,
};

/** Gigabytes of memory, as deployed. */
export const memory = { prober: 0.5, watch: 1 };

/** What an interval costs in time and units, all runs of watch in it together. */
export type IntervalCost = {
  readonly watchMs: number;
  readonly proberMs: number;
  readonly proberInvocations: number;
  readonly readUnits: number;
  readonly writeUnits: number;
};

/** The straight line through what was measured for few and for many. */
export const extrapolated = (
  few: number,
  ofFew: IntervalCost,
  many: number,
  ofMany: IntervalCost,
  endpoints: number,
): IntervalCost => {
  const at = (key: keyof IntervalCost): number =>
    Math.max(0, ofMany[key] + ((ofMany[key] - ofFew[key]) / (many - few)) * (endpoints - many));
  return {
    watchMs: at('watchMs'),
    proberMs: at('proberMs'),
    proberInvocations: at('proberInvocations'),
    readUnits: at('readUnits'),
    writeUnits: at('writeUnits'),
  };
};

/** Dollars of 30 days. */
export const dollarsAMonth = (
  cost: IntervalCost,
  intervalSeconds: number,
  runsAnInterval: number,
): { readonly lambda: number; readonly dynamoDb: number } => {
  const intervals = (30 * 86_400) / intervalSeconds;
  const gbSeconds = (cost.watchMs * memory.watch + cost.proberMs * memory.prober) / 1000;
  const lambda = gbSeconds * prices.lambdaGbSecond + (cost.proberInvocations + runsAnInterval) * prices.lambdaRequest;
  return {
    lambda: lambda * intervals,
    dynamoDb: (cost.readUnits * prices.readUnit + cost.writeUnits * prices.writeUnit) * intervals,
  };
};
