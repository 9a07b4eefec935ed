// Key pairs as records: the public half with its fingerprint. The private half is never here. For its
// callers a key pair is its name, unique in account and region; the id is a label behind it.
import { everyResource } from './every-resource.ts';
import type { Resource } from './resource.ts';
import { acceptResource } from './resource-lifecycle.ts';
import type { Tag } from './tag.ts';
import type { ReadTx, Scope, Tx } from './tx.ts';

export interface KeyPairDetail {
  publicKey: string;
  fingerprint: string;
}
export type KeyPair = Resource<KeyPairDetail>;

export const keyPairOf = async (
  tx: ReadTx,
  scope: Scope,
  keyPairName: string,
  nowMs: number,
): Promise<KeyPair | undefined> => {
  const filter = { resourceType: 'keypair', resourceName: keyPairName } as const;
  const { rows } = await tx.resources(scope, filter, { limit: 1, offset: 0 }, nowMs);
  // The kind of the row says what its detail is.
  return rows[0] as KeyPair | undefined;
};

export const acceptKeyPair = async (
  tx: Tx,
  scope: Scope,
  draft: { keyPairId: string; keyPairName: string; resourceGroupId: string } & KeyPairDetail,
  tags: readonly Tag[],
): Promise<void> => {
  const { keyPairId, keyPairName, resourceGroupId, publicKey, fingerprint } = draft;
  await acceptResource(
    tx,
    {
      ...scope,
      resourceId: keyPairId,
      resourceType: 'keypair',
      resourceName: keyPairName,
      status: 'Available',
      parentId: '',
      imageId: '',
      resourceGroupId,
      detail: { publicKey, fingerprint },
    },
    tags,
  );
};

/** As much of an instance as key pairs are about. */
interface Holder {
  keyPairName?: string;
}

/** Names of the key pairs that instances have. Reads every instance of the scope. */
export const attachedKeyPairs = async (
  tx: ReadTx,
  scope: Scope,
  nowMs: number,
): Promise<Set<string>> => {
  const filter = { resourceType: 'instance' } as const;
  const instances = await everyResource<Holder>(tx, scope, filter, nowMs);
  return new Set(instances.map(({ detail }) => detail.keyPairName ?? ''));
};

/** What attaching or detaching did to one instance. */
export type KeyPairOutcome = 'done' | 'no-instance' | 'not-attached';

/** Gives the instance the key pair, or takes that one away. */
export const setKeyPair = async (
  tx: Tx,
  scope: Scope,
  instanceId: string,
  change: { attach: string } | { detach: string },
): Promise<KeyPairOutcome> => {
  const instance = await tx.resource(scope, 'instance', instanceId, tx.actor.nowMs);
  if (instance === undefined) return 'no-instance';
  const { keyPairName = '' } = instance.detail as Holder;
  if ('detach' in change && keyPairName !== change.detach) return 'not-attached';
  const next = 'attach' in change ? change.attach : '';
  if (next !== keyPairName)
    await tx.updateResource(instanceId, { detail: { ...instance.detail, keyPairName: next } });
  return 'done';
};
