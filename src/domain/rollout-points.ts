/**
 * Points of a rollout as people name them: `2` Pods of the new revision, or `50%` of all. Percentages round up, so that each is at
 * least one Pod.
 */
const POINT = /^(?:([1-9]\d{0,5})|([1-9]\d?|100)%)$/;

/** Whether it reads as a point at all; 0, and more than 100 %, are none. */
export function isPoint(text: string): boolean {
  return POINT.test(text);
}

/** @returns how many Pods that are, of so many */
export function podsAt(point: string, replicas: number): number {
  const [, pods, percent] = POINT.exec(point) ?? [];
  return pods === undefined ? Math.ceil((Number(percent ?? 0) * replicas) / 100) : Number(pods);
}

/** The first point that goes down from the one before it, where both are numbers, or both percentages: that shows without a set. */
export function goingDown(points: readonly string[]): string | undefined {
  return points.find((point, index) => {
    const before = points[index - 1];
    return before !== undefined && before.endsWith('%') === point.endsWith('%') && Number.parseInt(point, 10) < Number.parseInt(before, 10);
  });
}

/**
 * The numbers of Pods at which these points stand, lowest first, each once.
 * @returns or the first of them that is more than there are, or less than the one before
 */
export function milestones(
  points: readonly string[],
  replicas: number,
): readonly number[] | { readonly wrong: string; readonly why: string } {
  let last = 0;
  for (const point of points) {
    const pods = podsAt(point, replicas);
    if (pods > replicas) return { wrong: point, why: `is more than the ${replicas} Pods that there are` };
    if (pods < last) return { wrong: point, why: `is ${pods} of ${replicas} Pods, less than the ${last} before it` };
    last = pods;
  }
  return [...new Set(points.map((point) => podsAt(point, replicas)))];
}
