// What the ways to assume a role have in common: parameters, the credentials that are given out, and
// their shape in the answer.
import { parsePolicy } from '../../../domain/policy/document.ts';
import type { RamRole } from '../../../domain/ram.ts';
import {
  DEFAULT_SESSION_SECONDS,
  MAX_SESSION_POLICY_CHARACTERS,
  MAX_SESSION_SECONDS,
  MIN_SESSION_SECONDS,
} from '../../../domain/session.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { integer, object, optional, string } from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';

export const STS_VERSION = '2015-04-01';

export const roleArn = string({
  description: '`acs:ram::<AccountId>:role/<RoleName>`',
  missing: 'MissingParameter',
  maxLength: 256,
  pattern: '^acs:ram::\\d{16}:role/[A-Za-z0-9._-]{1,64}$',
  invalid: 'InvalidParameter.RoleArn',
});
export const sessionNameRules = {
  description: '2 to 64 letters, digits, `.` `@` `-` `_`; stands in the ARN of the session.',
  maxLength: 64,
  pattern: '^[A-Za-z0-9.@_-]{2,64}$',
  invalid: 'InvalidParameter.RoleSessionName',
};
export const durationSeconds = optional(
  integer({
    description: `${MIN_SESSION_SECONDS} seconds to MaxSessionDuration of the role; default ${DEFAULT_SESSION_SECONDS}.`,
    minimum: MIN_SESSION_SECONDS,
    maximum: MAX_SESSION_SECONDS,
    invalid: 'InvalidParameter.DurationSeconds',
  }),
);
export const sessionPolicy = optional(
  string({
    description: `Narrows the session: it may do what both this policy and those of the role allow. Up to ${MAX_SESSION_POLICY_CHARACTERS} characters.`,
    maxLength: MAX_SESSION_POLICY_CHARACTERS,
    invalid: 'InvalidParameter.PolicyGrammar',
  }),
);

export interface TemporaryKey {
  accessKeyId: string;
  accessKeySecret: string;
}

type Context = Pick<
  CallContext<'InvalidParameter.DurationSeconds' | 'InvalidParameter.PolicyGrammar'>,
  'fail' | 'installation' | 'nowMs'
>;

/** Gives out a session of a role that trusts the caller. */
export const openSession = (
  ctx: Context,
  role: RamRole,
  key: TemporaryKey,
  sessionName: string,
  input: { DurationSeconds?: number | undefined; Policy?: string | undefined },
) => {
  const { Policy, DurationSeconds = DEFAULT_SESSION_SECONDS } = input;
  if (DurationSeconds > role.maxSessionSeconds) throw ctx.fail('InvalidParameter.DurationSeconds');
  const fault = Policy === undefined ? undefined : policyFault(Policy);
  if (fault !== undefined) throw ctx.fail('InvalidParameter.PolicyGrammar', { message: fault });
  const endMs = ctx.nowMs + DurationSeconds * 1000;
  const { accountId, roleName, roleId } = role;
  const session = { ...key, accountId, roleName, roleId, sessionName, endMs };
  return {
    Credentials: {
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      SecurityToken: ctx.installation.sealSession({
        ...session,
        ...(Policy !== undefined && { sessionPolicy: Policy }),
      }),
      Expiration: formatSeconds(endMs),
    },
    AssumedRoleUser: {
      Arn: `acs:ram::${accountId}:role/${roleName}/${sessionName}`,
      AssumedRoleId: `${roleId}:${sessionName}`,
    },
  };
};

const policyFault = (text: string): string | undefined => {
  const parsed = parsePolicy(text);
  return parsed.ok ? undefined : parsed.fault;
};

export const sessionOutput = {
  Credentials: object({
    AccessKeyId: string({ description: 'Begins with `STS.`' }),
    AccessKeySecret: string({ description: 'Shown this once.' }),
    SecurityToken: string({ description: 'Goes with every call that the key signs.' }),
    Expiration: string({ description: 'UTC, whole seconds.' }),
  }),
  AssumedRoleUser: object({
    Arn: string({ description: '`acs:ram::<AccountId>:role/<RoleName>/<RoleSessionName>`' }),
    AssumedRoleId: string({ description: '`<RoleId>:<RoleSessionName>`' }),
  }),
};

export const exampleSession = {
  Credentials: {
    AccessKeyId: 'STS.exampleexampleexampleexam',
    AccessKeySecret: 'exampleexampleexampleexampleexampleexample44',
    SecurityToken: 'a-long-text',
    Expiration: '2026-11-24T09:00:00Z',
  },
  AssumedRoleUser: {
    Arn: 'acs:ram::1234567890123456:role/image-reader/build-42',
    AssumedRoleId: '322748924538012345:build-42',
  },
};
