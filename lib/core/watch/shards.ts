export type Shardable = {
  /** Tells it from all others. */
  readonly key: string;
  /** Where it is probed: addresses, or one CNAME target. */
  readonly targets: readonly string[];
};

/** Keys of what goes to the prober in one invocation. */
export type Shard = readonly string[];

/** Shards that are worked one after the other; different lanes may run at the same time. */
export type Lane = readonly Shard[];

/** Groups of endpoints that share targets, directly or through others. */
const groupsOf = (endpoints: readonly Shardable[]): readonly (readonly Shardable[])[] => {
  const parents = new Map<string, string>();
  const rootOf = (target: string): string => {
    let root = target;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
    parents.set(target, root);
    return root;
  };
  for (const { key, targets } of endpoints) {
    const [first = key, ...others] = targets;
    for (const target of others) parents.set(rootOf(target), rootOf(first));
  }
  const groups = new Map<string, Shardable[]>();
  for (const endpoint of endpoints) {
    const root = rootOf(endpoint.targets[0] ?? endpoint.key);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [endpoint]);
    else group.push(endpoint);
  }
  return [...groups.values()].toSorted((one, other) => other.length - one.length);
};

/**
 * Packs endpoints into shards of at most `limit`, evenly filled, so that no target is in two shards that run at the same time: within a shard the prober
 * itself sees to it that a target has at most two sessions. Endpoints of one target that are too many for a shard make a lane of several.
 */
export const lanesOf = (endpoints: readonly Shardable[], limit = 100): readonly Lane[] => {
  const lanes: Lane[] = [];
  const bins = Array.from({ length: Math.ceil(endpoints.length / limit) }, (): string[] => []);
  for (const group of groupsOf(endpoints)) {
    const names = group.map(({ key }) => key);
    if (names.length > limit) {
      lanes.push(
        Array.from({ length: Math.ceil(names.length / limit) }, (_, index) =>
          names.slice(index * limit, (index + 1) * limit),
        ),
      );
      continue;
    }
    const roomy = bins.filter((bin) => bin.length + names.length <= limit);
    const emptiest = roomy.reduce<string[] | undefined>(
      (best, bin) => (best === undefined || bin.length < best.length ? bin : best),
      undefined,
    );
    if (emptiest === undefined) bins.push(names);
    else emptiest.push(...names);
  }
  return [...lanes, ...bins.filter((bin) => bin.length > 0).map((bin) => [bin])];
};
