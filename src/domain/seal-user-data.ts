// What an older version has left in clear, sealed: some instances at a time, each in the transaction that
// takes it off the list. User data that were given anew meanwhile are sealed already.
import { recordService } from './audit-event.ts';
import type { Tx } from './tx.ts';

/** On the list until what was in clear is wiped from the file, too. */
export const WIPE = '';

/** Returns how many instances were looked at; 0 at the end. */
export const sealUserData = async (
  tx: Tx,
  seal: (clear: string) => string,
  limit: number,
): Promise<number> => {
  const found = (await tx.clearUserData(limit)).filter(({ resourceId }) => resourceId !== WIPE);
  const sealed: string[] = [];
  for (const { resourceId, detail } of found) {
    const { userData, ...rest } = detail;
    if (typeof userData === 'string') {
      const sealedUserData = userData === '' ? undefined : seal(userData);
      const known = { ...rest, ...(!('sealedUserData' in rest) && { sealedUserData }) };
      await tx.updateResource(resourceId, { detail: known });
      sealed.push(resourceId);
    }
    await tx.forgetClearUserData(resourceId);
  }
  if (sealed.length > 0)
    recordService(tx, 'UserDataSealed', { count: sealed.length }, { 'ACS::ECS::Instance': sealed });
  return found.length;
};
