// Parameters and errors of the six operations on rules: authorise, revoke and change, each for both
// directions, which differ in nothing but the names of the other side.
import { list, object, optional, string } from '../../../lib/schema.ts';
import { clientToken, owners, regionId } from './parameters.ts';
import { PEER_ERRORS, RULE_ERRORS, ruleParameters } from './security-group-rule.ts';

/** Rules that one call may add or remove. */
const MAX_PERMISSIONS = 100;

export const securityGroupId = string({
  description: 'The security group.',
  missing: 'MissingParameter',
  maxLength: 128,
  invalid: 'InvalidSecurityGroupId.NotFound',
});

const ruleId = (description: string) =>
  string({ description, maxLength: 128, invalid: 'InvalidSecurityGroupRuleId.NotFound' });

const around = {
  RegionId: regionId('MissingParameter'),
  SecurityGroupId: securityGroupId,
  ClientToken: clientToken(),
  ...owners,
};

const permissions = {
  ingress: optional(
    list(object(ruleParameters.ingress), {
      description: 'Several rules, N from 1 to 100, instead of the parameters of one.',
      maxItems: MAX_PERMISSIONS,
      invalid: 'InvalidParam.Permissions',
    }),
  ),
  egress: optional(
    list(object(ruleParameters.egress), {
      description: 'Several rules, N from 1 to 100, instead of the parameters of one.',
      maxItems: MAX_PERMISSIONS,
      invalid: 'InvalidParam.Permissions',
    }),
  ),
};

const revoked = optional(
  list(ruleId('An id of a rule.'), {
    description: 'Rules by id, N from 1 to 100, instead of their words.',
    maxItems: MAX_PERMISSIONS,
    invalid: 'InvalidParam.SecurityGroupRuleId',
  }),
);
const changed = optional(ruleId('The rule to change; absent: the rule with these words.'));

/** Parameters of the operations, by direction. */
export const authorizeInput = {
  ingress: object({ ...around, ...ruleParameters.ingress, Permissions: permissions.ingress }),
  egress: object({ ...around, ...ruleParameters.egress, Permissions: permissions.egress }),
};
export const revokeInput = {
  ingress: object({
    ...around,
    ...ruleParameters.ingress,
    Permissions: permissions.ingress,
    SecurityGroupRuleId: revoked,
  }),
  egress: object({
    ...around,
    ...ruleParameters.egress,
    Permissions: permissions.egress,
    SecurityGroupRuleId: revoked,
  }),
};
export const modifyInput = {
  ingress: object({ ...around, ...ruleParameters.ingress, SecurityGroupRuleId: changed }),
  egress: object({ ...around, ...ruleParameters.egress, SecurityGroupRuleId: changed }),
};

const GROUP_ERRORS = {
  MissingParameter: 400,
  InvalidParameter: 400,
  IdempotentParameterMismatch: 400,
  'InvalidRegionId.NotFound': 404,
  'InvalidSecurityGroupId.NotFound': 404,
  ...RULE_ERRORS,
} as const;
const AUTHORIZE_ERRORS = {
  ...GROUP_ERRORS,
  'InvalidParam.Permissions': 400,
  'InvalidGroupParameter.OperationDenied': 400,
  'InvalidParamter.Conflict': 403,
  AuthorizationLimitExceed: 403,
} as const;
const REVOKE_ERRORS = {
  ...GROUP_ERRORS,
  'InvalidParam.Permissions': 400,
  'InvalidParam.SecurityGroupRuleId': 400,
  'InvalidSecurityGroupRuleId.NotFound': 404,
} as const;
const MODIFY_ERRORS = {
  ...GROUP_ERRORS,
  'InvalidOperation.ModifySgRuleEntityType': 400,
  'InvalidOperation.RuleDuplicate': 400,
  'InvalidParamter.Conflict': 403,
  'InvalidSecurityGroupRuleId.NotFound': 404,
  'SecurityGroupRule.NotFound': 404,
} as const;

export const authorizeErrors = {
  ingress: { ...AUTHORIZE_ERRORS, ...PEER_ERRORS.ingress },
  egress: { ...AUTHORIZE_ERRORS, ...PEER_ERRORS.egress },
};
export const revokeErrors = {
  ingress: { ...REVOKE_ERRORS, ...PEER_ERRORS.ingress },
  egress: { ...REVOKE_ERRORS, ...PEER_ERRORS.egress },
};
export const modifyErrors = {
  ingress: { ...MODIFY_ERRORS, ...PEER_ERRORS.ingress },
  egress: { ...MODIFY_ERRORS, ...PEER_ERRORS.egress },
};

// Of both directions: what is done is one, and each operation declares its own.
type Codes<Errors extends Record<'ingress' | 'egress', object>> =
  | keyof Errors['ingress']
  | keyof Errors['egress'];
export type AuthorizeFault = Codes<typeof authorizeErrors>;
export type RevokeFault = Codes<typeof revokeErrors>;
export type ModifyFault = Codes<typeof modifyErrors>;
