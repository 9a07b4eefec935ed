// A verification asked for as StartVerification does.
import { startVerification } from '../../src/domain/verification.ts';
import { scope, write, type Place } from './jobs-fixture.ts';

export const startVerify = (place: Place): Promise<unknown> =>
  write(place, (tx) => startVerification(tx, `v-${tx.actor.nowMs}`, scope.accountId, 9_999));
