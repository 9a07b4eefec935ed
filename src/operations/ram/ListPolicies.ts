import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { anyPolicyType, paging, RAM_VERSION, tagFilter } from './shared/parameters.ts';
import {
  examplePolicy,
  fromCustom,
  policySchema,
  systemPolicies,
  viewPolicy,
  type AnyPolicy,
} from './shared/policy-view.ts';
import { exampleTags, hasTags, tagsOf, tagsSchema } from './shared/ram-tags.ts';
import type { ReadTx } from '../../domain/tx.ts';
import type { AccountId } from '../../domain/ids.ts';
import { MAX_RAM_POLICIES } from '../../domain/ram.ts';
import type { PolicyType } from '../../domain/principal.ts';
import { defineOperation } from '../../operation.ts';

export const ListPolicies = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListPolicies',
  kind: 'read',
  docs: {
    summary: 'Lists policies: system policies, then custom ones in order of their names.',
  },
  input: object({ PolicyType: anyPolicyType, Tag: optional(tagFilter), ...paging }),
  output: object({
    Policies: object({ Policy: list(object({ ...policySchema, Tags: tagsSchema })) }),
    IsTruncated: boolean(),
    Marker: optional(string({ description: 'For the next page, if there is one.' })),
  }),
  errors: {
    InvalidParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'InvalidParameter.MaxItems': 400,
    'InvalidParameter.Tag': 400,
  },
  cannotOccur: {},
  access: { action: 'ram:ListPolicies', resource: () => 'policy/*' },
  example: {
    request: { PolicyType: 'Custom' },
    response: {
      Policies: { Policy: [{ ...examplePolicy, Tags: exampleTags }] },
      IsTruncated: false,
    },
  },
  async handler(ctx, input) {
    const { Marker = '', MaxItems = 100 } = input;
    const { accountId } = ctx.caller;
    const tags = await tagsOf(ctx, 'policy');
    const all = await policiesOfType(ctx.tx, accountId, input.PolicyType);
    const from = all.findIndex((policy) => markerOf(policy) === Marker) + 1;
    const fitting = all
      .slice(from)
      .filter((policy) => hasTags(tags.get(tagName(policy)) ?? [], input.Tag));
    const page = fitting.slice(0, MaxItems);
    const isTruncated = fitting.length > MaxItems;
    const counts = {
      System: await ctx.tx.attachmentCounts(accountId, 'System'),
      Custom: await ctx.tx.attachmentCounts(accountId, 'Custom'),
    };
    return {
      Policies: {
        Policy: page.map((policy) => ({
          ...viewPolicy(policy, counts[policy.policyType].get(policy.policyName) ?? 0),
          Tags: { Tag: tags.get(tagName(policy)) ?? [] },
        })),
      },
      IsTruncated: isTruncated,
      ...(isTruncated && { Marker: markerOf(page.at(-1)!) }),
    };
  },
});

const markerOf = ({ policyType, policyName }: AnyPolicy): string => `${policyType}/${policyName}`;

/** Only custom policies carry tags. */
const tagName = ({ policyType, policyName }: AnyPolicy): string =>
  policyType === 'Custom' ? policyName : '';

/** An account has few (MAX_RAM_POLICIES), so that all are read for every page. */
const policiesOfType = async (
  tx: ReadTx,
  accountId: AccountId,
  policyType: PolicyType | undefined,
): Promise<AnyPolicy[]> => {
  const system = policyType === 'Custom' ? [] : systemPolicies();
  if (policyType === 'System') return system;
  const custom = await tx.ramPolicies(accountId, { after: '', limit: MAX_RAM_POLICIES });
  return [...system, ...custom.map(fromCustom)];
};
