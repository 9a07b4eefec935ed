// Gives whoever an issuer vouches for the credentials of a role that trusts it: a build server needs no
// stored key. The call has no signature, the token is all there is: it is verified before anything is
// looked up, and what is refused after that does not tell which role there is.
import type { AccountId } from '../../domain/ids.ts';
import type { OidcIdentity } from '../../domain/oidc.ts';
import { circumstancesOf } from '../../domain/policy/circumstances.ts';
import { parseRoleArn } from '../../domain/session.ts';
import { isTrusted } from '../../domain/trust.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { MAX_JWT_CHARACTERS } from '../../lib/jwt.ts';
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

const DEFAULT_SESSION_NAME = 'oidc';
const NO_KEYS = 'The keys of the issuer cannot be read now; try again.';

interface Facts {
  key: TemporaryKey;
  identity: OidcIdentity;
}

export const AssumeRoleWithOIDC = defineOperation({
  product: 'sts',
  version: STS_VERSION,
  action: 'AssumeRoleWithOIDC',
  kind: 'write',
  docs: {
    summary: 'Gives temporary credentials of a role to whom an issuer of OIDC tokens vouches for.',
    notes:
      'Needs no signature. The issuers are those that the operator lists (`--oidc-issuers`); each is `acs:ram::<AccountId>:oidc-provider/<name>` in every account. A token must be signed with RS256 or ES256, name an audience of the list, and not be expired. The trust policy of the role names the issuer under Federated and has a condition on oidc:sub; oidc:iss, oidc:aud, acs:SourceIp, acs:SecureTransport and acs:CurrentTime may be asked for too.',
  },
  input: object({
    OIDCProviderArn: string({
      description: '`acs:ram::<AccountId>:oidc-provider/<name>`, of the account of the role.',
      missing: 'MissingParameter',
      maxLength: 256,
      pattern: '^acs:ram::\\d{16}:oidc-provider/[\\w.-]{1,128}$',
      invalid: 'InvalidParameter.OIDCProviderArn',
    }),
    RoleArn: roleArn,
    OIDCToken: string({
      description: 'The token as the issuer gave it.',
      missing: 'MissingParameter',
      maxLength: MAX_JWT_CHARACTERS,
      invalid: 'AuthenticationFail.OIDCToken.Invalid',
    }),
    RoleSessionName: optional(
      string({
        ...sessionNameRules,
        description: `${sessionNameRules.description} Default \`${DEFAULT_SESSION_NAME}\`.`,
      }),
    ),
    DurationSeconds: durationSeconds,
    Policy: sessionPolicy,
  }),
  output: object({
    ...sessionOutput,
    OIDCTokenInfo: object({
      Subject: string(),
      Issuer: string(),
      ClientIds: string({ description: 'The audience that was accepted.' }),
      ExpirationTime: string({ description: 'UTC, whole seconds.' }),
      IssuanceTime: string({ description: 'UTC, whole seconds; empty when the token has none.' }),
      VerificationInfo: string({ description: 'Always Success.' }),
    }),
  }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.RoleArn': 400,
    'InvalidParameter.OIDCProviderArn': 400,
    'InvalidParameter.RoleSessionName': 400,
    'InvalidParameter.DurationSeconds': 400,
    'InvalidParameter.PolicyGrammar': 400,
    'AuthenticationFail.OIDCToken.Invalid': 400,
    'AuthenticationFail.OIDCToken.Expired': 400,
    'AuthenticationFail.NoPermission': 403,
  },
  cannotOccur: {},
  access: {
    action: 'sts:AssumeRoleWithOIDC',
    anonymous: (input) => claimOf(input.RoleArn, input.RoleSessionName),
    resource: (input) => input.RoleArn,
  },
  example: {
    request: {
      OIDCProviderArn: 'acs:ram::1234567890123456:oidc-provider/ci',
      RoleArn: 'acs:ram::1234567890123456:role/image-reader',
      OIDCToken: 'eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl',
      RoleSessionName: 'build-42',
    },
    response: {
      ...exampleSession,
      OIDCTokenInfo: {
        Subject: 'repo:example/images:ref:refs/heads/main',
        Issuer: 'https://ci.example.com',
        ClientIds: 'kindred',
        ExpirationTime: '2026-11-24T08:10:00Z',
        IssuanceTime: '2026-11-24T08:00:00Z',
        VerificationInfo: 'Success',
      },
    },
  },
  async prepare(ctx, input): Promise<Facts> {
    const issuerName = input.OIDCProviderArn.slice(input.OIDCProviderArn.indexOf('/') + 1);
    const verdict = await ctx.installation.verifyOidcToken(issuerName, input.OIDCToken, ctx.nowMs);
    if (verdict.ok)
      return { key: ctx.installation.newTemporaryKeyPair(), identity: verdict.identity };
    if (verdict.fault === 'expired') throw ctx.fail('AuthenticationFail.OIDCToken.Expired');
    if (verdict.fault === 'unknownIssuer') throw ctx.fail('AuthenticationFail.NoPermission');
    const message = verdict.fault === 'noKeys' ? NO_KEYS : undefined;
    throw ctx.fail('AuthenticationFail.OIDCToken.Invalid', { ...(message && { message }) });
  },
  async handler(ctx, input, { key, identity }) {
    const { accountId, roleName } = parseRoleArn(input.RoleArn)!;
    const role = await ctx.tx.ramRole(accountId, roleName);
    const isOwn = input.OIDCProviderArn.startsWith(`acs:ram::${accountId}:`);
    const values = new Map([
      ['oidc:iss', identity.issuer],
      ['oidc:aud', identity.audience],
      ['oidc:sub', identity.subject],
      ...circumstancesOf(ctx.circumstances, ctx.nowMs),
    ]);
    const isOpen =
      role !== undefined &&
      isOwn &&
      isTrusted(role.assumeRolePolicyDocument, {
        kind: 'Federated',
        arns: [input.OIDCProviderArn],
        valueOf: (name) => values.get(name),
      });
    if (!isOpen) throw ctx.fail('AuthenticationFail.NoPermission');
    const { RoleSessionName = DEFAULT_SESSION_NAME } = input;
    return {
      ...openSession(ctx, role, key, RoleSessionName, input),
      OIDCTokenInfo: viewToken(identity),
    };
  },
});

const viewToken = ({ subject, issuer, audience, expiresAt, issuedAt }: OidcIdentity) => ({
  Subject: subject,
  Issuer: issuer,
  ClientIds: audience,
  ExpirationTime: formatSeconds(expiresAt * 1000),
  IssuanceTime: issuedAt === undefined ? '' : formatSeconds(issuedAt * 1000),
  VerificationInfo: 'Success',
});

/** Whom the call claims to speak for, for the logs and the journal. */
const claimOf = (arn: string, sessionName = DEFAULT_SESSION_NAME) => {
  const { accountId, roleName } = parseRoleArn(arn) ?? { accountId: '' as AccountId, roleName: '' };
  return {
    accountId,
    principal: { kind: 'role' as const, roleName, roleId: '', sessionName },
  };
};
