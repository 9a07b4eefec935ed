// What a start adds to the trail: nothing, unless this incarnation of the installation is new. Then it makes
// the key of the incarnation, and the chain tells of it: where it began, or that it was restored here.
import { recordService } from '../../domain/audit-event.ts';
import type { AuditKey } from '../../domain/audit.ts';
import type { Actor, Store } from '../../domain/tx.ts';
import { keyIdOf } from '../../lib/checkpoint.ts';
import type { Clocks } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { DataDirectory } from '../data-directory.ts';
import type { Secrets } from '../secrets.ts';
import { VERSION } from '../version.ts';
import { newAuditKey, openSigningKey, type SigningKey } from './signing-key.ts';

export interface TrailParts {
  store: Store;
  clocks: Clocks;
  random: Random;
  secrets: Secrets;
  directory: Pick<DataDirectory, 'instanceId' | 'incarnation'>;
}

/** Who the trail is when it writes by itself. */
export const trailActor = ({ clocks, random }: Pick<TrailParts, 'clocks' | 'random'>): Actor => ({
  principal: 'kindred:audit',
  requestId: random.uuid().toUpperCase(),
  nowMs: clocks.wallMs(),
});

export const beginTrail = async (parts: TrailParts): Promise<SigningKey> => {
  const { store, secrets, directory } = parts;
  const { incarnation, instanceId } = directory;
  const keys = await store.read((tx) => tx.auditKeys());
  const known = keys.find((key) => key.incarnation === incarnation);
  if (known !== undefined) return openSigningKey(secrets, known);
  const actor = trailActor(parts);
  const key: AuditKey = newAuditKey(secrets, incarnation, actor.nowMs);
  await store.write(actor, async (tx) => {
    await tx.insertAuditKey(key);
    recordService(tx, incarnation === 1 ? 'AuditTrailBegun' : 'InstallationRestored', {
      instanceId,
      incarnation,
      version: VERSION,
      keyId: keyIdOf(key.publicKey),
      publicKey: key.publicKey,
    });
  });
  return openSigningKey(secrets, key);
};
