// Gives a user, or the session of a role, the credentials of another role for a while. Two must agree:
// the policies of who asks (sts:AssumeRole on the role) and the trust policy of the role.
import type { Caller } from '../../domain/account.ts';
import { circumstancesOf } from '../../domain/policy/circumstances.ts';
import { parseRoleArn } from '../../domain/session.ts';
import { isTrusted } from '../../domain/trust.ts';
import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  durationSeconds,
  exampleSession,
  openSession,
  roleArn,
  sessionNameRules,
  sessionOutput,
  sessionPolicy,
  STS_VERSION,
  type TemporaryKey,
} from './shared/session-request.ts';

const DENIED = 'You are not authorized to do this action. You should be authorized by RAM.';

export const AssumeRole = defineOperation({
  product: 'sts',
  version: STS_VERSION,
  action: 'AssumeRole',
  kind: 'write',
  docs: {
    summary: 'Gives temporary credentials of a role to a user whom it trusts.',
    notes:
      'The caller needs sts:AssumeRole on the role, and the trust policy of the role must name the caller or its account; conditions of the trust policy on sts:ExternalId, acs:SourceIp, acs:SecureTransport, acs:CurrentTime and acs:MFAPresent (false) are decided, what depends on any other key is never met. Nothing is kept of a session: it ends at its time or when the role is deleted.',
  },
  input: object({
    RoleArn: roleArn,
    RoleSessionName: string({ ...sessionNameRules, missing: 'MissingParameter' }),
    DurationSeconds: durationSeconds,
    Policy: sessionPolicy,
    ExternalId: optional(
      string({
        description: 'What the trust policy may ask for by sts:ExternalId.',
        maxLength: 1224,
        pattern: '^[\\w+=,.@:/-]{2,1224}$',
        invalid: 'InvalidParameter.ExternalId',
      }),
    ),
  }),
  output: object(sessionOutput),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.RoleArn': 400,
    'InvalidParameter.RoleSessionName': 400,
    'InvalidParameter.DurationSeconds': 400,
    'InvalidParameter.PolicyGrammar': 400,
    'InvalidParameter.ExternalId': 400,
    NoPermission: 403,
    'EntityNotExist.Role': 404,
  },
  cannotOccur: {},
  access: { action: 'sts:AssumeRole', resource: (input) => input.RoleArn },
  example: {
    request: {
      RoleArn: 'acs:ram::1234567890123456:role/image-reader',
      RoleSessionName: 'build-42',
    },
    response: exampleSession,
  },
  async prepare(ctx): Promise<TemporaryKey> {
    return ctx.installation.newTemporaryKeyPair();
  },
  async handler(ctx, input, key) {
    const { caller, nowMs } = ctx;
    const circumstances = circumstancesOf(ctx.circumstances, nowMs);
    if (caller.principal.kind === 'root')
      throw ctx.fail('NoPermission', { message: 'Roles may not be assumed by root accounts.' });
    const { accountId, roleName } = parseRoleArn(input.RoleArn)!;
    const role = await ctx.tx.ramRole(accountId, roleName);
    // Which roles another account has is not for everybody to know.
    if (role === undefined && accountId === caller.accountId) throw ctx.fail('EntityNotExist.Role');
    const isOpen =
      role !== undefined &&
      isTrusted(role.assumeRolePolicyDocument, {
        kind: 'RAM',
        arns: namesOf(caller),
        valueOf: (name) =>
          name === 'sts:externalid' ? (input.ExternalId ?? null) : circumstances.get(name),
      });
    if (!isOpen) throw ctx.fail('NoPermission', { message: DENIED });
    return openSession(ctx, role, key, input.RoleSessionName, input);
  },
});

/** As trust policies name the caller: with everybody of its account, or by itself. */
const namesOf = ({ accountId, principal }: Caller): string[] => {
  const own = `acs:ram::${accountId}`;
  const all = [`${own}:root`];
  if (principal.kind === 'user') return [...all, `${own}:user/${principal.userName}`];
  return principal.kind === 'role' ? [...all, `${own}:role/${principal.roleName}`] : all;
};
