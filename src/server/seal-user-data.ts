// At a start: user data that an older version has left in clear are sealed, in bounded steps, and what was in
// clear is wiped from the file. Of the copies that were made before (the one ahead of the migration, backups)
// a line of the log tells, once: they are not this server's to change.
import { sealUserData, WIPE } from '../domain/seal-user-data.ts';
import type { Actor } from '../domain/tx.ts';
import type { House } from './house.ts';

const INSTANCES_A_WRITE = 50;

export const sealClearUserData = async (house: House): Promise<void> => {
  const { store, secrets, clocks, random, log } = house;
  const newActor = (): Actor => ({
    principal: 'kindred:start',
    requestId: random.uuid().toUpperCase(),
    nowMs: clocks.wallMs(),
  });
  let count = 0;
  for (;;) {
    const sealed = await store.write(newActor(), (tx) =>
      sealUserData(tx, (clear) => secrets.seal(clear), INSTANCES_A_WRITE),
    );
    if (sealed === 0) break;
    count += sealed;
  }
  log.warn(
    { count },
    'user data of instances that were kept in clear are sealed now; backups and copies of the database from before still hold them in clear',
  );
  try {
    await store.wipe();
    await store.write(newActor(), (tx) => tx.forgetClearUserData(WIPE));
  } catch (error) {
    // No reason not to start: the rows are sealed, only what they were is still in unused parts of the file.
    // It stays on the list.
    log.error(
      { err: error },
      'what was in clear could not be wiped from the database file; make room (as much as it is large), and the next start tries again',
    );
  }
};
