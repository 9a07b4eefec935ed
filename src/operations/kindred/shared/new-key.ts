import type { AccessKey } from '../../../domain/account.ts';
import type { AccountId } from '../../../domain/ids.ts';
import type { CallContext } from '../../../operation.ts';

export interface NewKey {
  accessKeyId: string;
  accessKeySecret: string;
  sealedSecret: string;
}

/** Draws a key pair and seals its secret, before the transaction: that may run more than once. */
export const newKey = (ctx: Pick<CallContext<never>, 'installation'>): NewKey => {
  const pair = ctx.installation.newAccessKeyPair();
  return { ...pair, sealedSecret: ctx.installation.seal(pair.accessKeySecret) };
};

export const keyRow = (key: NewKey, accountId: AccountId, creationMs: number): AccessKey => ({
  accessKeyId: key.accessKeyId,
  accountId,
  sealedSecret: key.sealedSecret,
  status: 'Active',
  creationMs,
});
