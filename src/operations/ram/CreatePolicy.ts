import { MAX_RAM_POLICIES } from '../../domain/ram.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { object, optional, string } from '../../lib/schema.ts';
import {
  description,
  newPolicyName,
  policyDocument,
  RAM_VERSION,
  tags,
} from './shared/parameters.ts';
import {
  exampleDocument,
  examplePolicyItem,
  fromCustom,
  policyItem,
  requireDocument,
  viewPolicyItem,
} from './shared/policy-view.ts';
import { addTags } from './shared/ram-tags.ts';
import { defineOperation } from '../../operation.ts';

export const CreatePolicy = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'CreatePolicy',
  kind: 'write',
  docs: {
    summary: 'Makes a custom policy with its first version.',
    notes:
      'A document is kept only when every line of it is understood; the error says which is not.',
  },
  input: object({
    PolicyName: newPolicyName,
    PolicyDocument: policyDocument,
    Description: description,
    Tag: optional(tags),
  }),
  output: object({
    Policy: object({ ...policyItem, CreateDate: string({ description: 'UTC, whole seconds.' }) }),
  }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyName.InvalidChars': 400,
    'InvalidParameter.PolicyName.Length': 400,
    'InvalidParameter.Description.Length': 400,
    'InvalidParameter.Tag': 400,
    MalformedPolicyDocument: 400,
    'EntityAlreadyExists.Policy': 409,
    'LimitExceeded.Policy': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:CreatePolicy', resource: () => 'policy/*' },
  example: {
    request: {
      PolicyName: 'read-web',
      PolicyDocument: exampleDocument,
      Description: 'Resolves the family web',
    },
    response: { Policy: { ...examplePolicyItem, CreateDate: '2026-11-24T08:00:00Z' } },
  },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const { accountId } = ctx.caller;
    const document = requireDocument(ctx, input.PolicyDocument);
    if ((await tx.ramPolicy(accountId, input.PolicyName)) !== undefined)
      throw ctx.fail('EntityAlreadyExists.Policy');
    if ((await tx.ramPolicyCount(accountId)) >= MAX_RAM_POLICIES)
      throw ctx.fail('LimitExceeded.Policy');
    const policy = {
      accountId,
      policyName: input.PolicyName,
      description: input.Description ?? '',
      defaultVersion: 1,
      nextVersion: 2,
      creationMs: nowMs,
      updateMs: nowMs,
    };
    await tx.insertRamPolicy(policy);
    await tx.insertRamPolicyVersion({
      accountId,
      policyName: policy.policyName,
      version: 1,
      policyDocument: document,
      creationMs: nowMs,
    });
    await addTags(ctx, { type: 'policy', name: policy.policyName }, input.Tag);
    return {
      Policy: { ...viewPolicyItem(fromCustom(policy)), CreateDate: formatSeconds(nowMs) },
    };
  },
});
