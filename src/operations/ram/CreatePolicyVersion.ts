import { MAX_POLICY_VERSIONS } from '../../domain/ram.ts';
import { boolean, choice, object, optional } from '../../lib/schema.ts';
import { policyDocument, policyName, RAM_VERSION } from './shared/parameters.ts';
import {
  exampleDocument,
  exampleVersionItem,
  requireCustom,
  requireDocument,
  versionSchema,
  viewVersion,
} from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

const ROTATE = 'DeleteOldestNonDefaultVersionWhenLimitExceeded';

export const CreatePolicyVersion = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'CreatePolicyVersion',
  kind: 'write',
  docs: {
    summary: 'Adds a version to a custom policy.',
    notes: 'A policy has at most five versions; their numbers are never used again.',
  },
  input: object({
    PolicyName: policyName,
    PolicyDocument: policyDocument,
    SetAsDefault: optional(
      boolean({
        description: 'Whether it comes into force at once; default false.',
        invalid: 'InvalidParameter',
      }),
    ),
    RotateStrategy: optional(
      choice(['None', ROTATE], {
        description: 'What to do when there are five versions already; default None.',
        invalid: 'InvalidParameter.RotateStrategy',
      }),
    ),
  }),
  output: object({ PolicyVersion: versionSchema }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidParameter.RotateStrategy': 400,
    MalformedPolicyDocument: 400,
    'EntityNotExist.Policy': 404,
    'LimitExceeded.Policy.Version': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:CreatePolicyVersion', resource: (input) => `policy/${input.PolicyName}` },
  example: {
    request: { PolicyName: 'read-web', PolicyDocument: exampleDocument, SetAsDefault: 'true' },
    response: { PolicyVersion: { ...exampleVersionItem, PolicyDocument: exampleDocument } },
  },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const policy = await requireCustom(ctx, input.PolicyName);
    const { accountId, policyName: name, nextVersion: version } = policy;
    const document = requireDocument(ctx, input.PolicyDocument);
    const versions = await tx.ramPolicyVersions(accountId, name);
    if (versions.length >= MAX_POLICY_VERSIONS) {
      const oldest = versions.find((one) => one.version !== policy.defaultVersion)!;
      if (input.RotateStrategy !== ROTATE) throw ctx.fail('LimitExceeded.Policy.Version');
      await tx.deleteRamPolicyVersion(accountId, name, oldest.version);
    }
    const made = {
      accountId,
      policyName: name,
      version,
      policyDocument: document,
      creationMs: nowMs,
    };
    await tx.insertRamPolicyVersion(made);
    const defaultVersion = input.SetAsDefault === true ? version : policy.defaultVersion;
    await tx.updateRamPolicy({
      ...policy,
      defaultVersion,
      nextVersion: version + 1,
      updateMs: nowMs,
    });
    return { PolicyVersion: viewVersion(made, defaultVersion) };
  },
});
