import { object, string } from '../../lib/schema.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { ReadTx } from '../../domain/tx.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { keyRow, newKey, type NewKey } from './shared/new-key.ts';

const PAGE_ROWS = 500;

interface Facts {
  accountId: AccountId;
  key: NewKey;
}

export const CreateAccount = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'CreateAccount',
  kind: 'write',
  docs: {
    summary: 'Makes an account and its first AccessKey pair.',
    notes:
      'The secret is answered once and kept sealed. Names of accounts are unique, so that a call repeated after a lost answer is refused; CreateAccessKey then gives the account a new pair.',
  },
  input: object({
    AccountName: string({
      description:
        '2 to 64 characters: a letter, then letters, digits, spaces and `.` `_` `-` `@`; no space at the end.',
      missing: 'MissingParameter',
      invalid: 'InvalidAccountName',
      maxLength: 64,
      pattern: '^\\p{L}[\\p{L}\\p{Nd} ._@-]{0,62}[\\p{L}\\p{Nd}._@-]$',
    }),
  }),
  output: object({
    AccountId: string({ description: 'The 16-digit UID.' }),
    AccessKeyId: string(),
    AccessKeySecret: string({ description: 'Shown this once.' }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidAccountName: 400,
    NoPermission: 403,
    'EntityAlreadyExists.Account': 409,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:CreateAccount',
    rootOnly: true,
    operatorOnly: true,
    resource: () => 'account/*',
  },
  example: {
    request: { AccountName: 'build-team' },
    response: {
      AccountId: '1234567890123456',
      AccessKeyId: 'LTAIexampleexampleexampl',
      AccessKeySecret: 'exampleexampleexampleexample30',
    },
  },
  async prepare(ctx): Promise<Facts> {
    return { accountId: ctx.installation.newAccountId(), key: newKey(ctx) };
  },
  async handler(ctx, input, { accountId, key }) {
    const { tx, nowMs } = ctx;
    if (await nameIsTaken(tx, input.AccountName)) throw ctx.fail('EntityAlreadyExists.Account');
    await tx.insertAccount({
      accountId,
      accountName: input.AccountName,
      isOperator: false,
      creationMs: nowMs,
    });
    await tx.insertAccessKey(keyRow(key, accountId, nowMs));
    return {
      AccountId: accountId,
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
    };
  },
});

const nameIsTaken = async (tx: ReadTx, accountName: string): Promise<boolean> => {
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const { rows } = await tx.accounts({ limit: PAGE_ROWS, offset });
    if (rows.some((account) => account.accountName === accountName)) return true;
    if (rows.length < PAGE_ROWS) return false;
  }
};
