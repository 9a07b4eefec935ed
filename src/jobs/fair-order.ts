import type { Job } from '../domain/job.ts';

/**
 * The next `count` of `due` (oldest first): each time the oldest job of the account that has the
 * fewest at work, so that an account with many jobs does not keep the others waiting.
 */
export const fairOrder = (
  due: readonly Job[],
  atWork: readonly { accountId: string }[],
  count: number,
): Job[] => {
  const load = new Map<string, number>();
  const loadOf = (accountId: string): number => load.get(accountId) ?? 0;
  for (const { accountId } of atWork) load.set(accountId, loadOf(accountId) + 1);
  const left = [...due];
  const chosen: Job[] = [];
  while (chosen.length < count) {
    let best: Job | undefined;
    for (const job of left)
      if (best === undefined || loadOf(job.accountId) < loadOf(best.accountId)) best = job;
    if (best === undefined) break;
    left.splice(left.indexOf(best), 1);
    load.set(best.accountId, loadOf(best.accountId) + 1);
    chosen.push(best);
  }
  return chosen;
};
