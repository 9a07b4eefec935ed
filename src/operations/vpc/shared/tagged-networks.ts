import { MAX_RESOURCES_PER_TAG_CALL } from '../../../domain/tag.ts';
import type { Tagged } from '../../../domain/tagging.ts';
import type { Scope } from '../../../domain/tx.ts';
import { list, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

/** Types of the product Vpc that are kept here; the vendor has more, of which nothing exists here. */
const TYPES = ['vpc', 'vswitch', 'eip'] as const;
export type NetworkType = (typeof TYPES)[number];

/** In any case of its letters, as the vendor takes it. */
export const resourceType = string({
  description: 'Type of the resources, in any case: VPC, VSWITCH or EIP.',
  missing: 'MissingParameter.ResourceType',
  invalid: 'InvalidResourceType.NotFound',
  pattern: `^(?:${TYPES.map((type) => [...type].map((c) => `[${c}${c.toUpperCase()}]`).join('')).join('|')})$`,
  maxLength: 32,
});

export const networkType = (given: string): NetworkType => given.toLowerCase() as NetworkType;

export const resourceIds = list(string({ maxLength: 128, invalid: 'InvalidResourceId.NotFound' }), {
  description: 'Ids of the resources, N from 1 to 50.',
  maxItems: MAX_RESOURCES_PER_TAG_CALL,
  missing: 'MissingParameter.ResourceIds',
  tooMany: 'NumberExceed.ResourceIds',
});

/** All the resources, or undefined when one of the ids does not exist in the scope. */
export const findNetworks = async (
  { tx, nowMs }: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  scope: Scope,
  type: NetworkType,
  ids: readonly string[],
): Promise<Tagged[] | undefined> => {
  const wanted = { resourceType: type, resourceIds: [...new Set(ids)] };
  const page = { limit: wanted.resourceIds.length, offset: 0 };
  const { rows } = await tx.resources(scope, wanted, page, nowMs);
  if (rows.length < wanted.resourceIds.length) return undefined;
  return rows.map(({ resourceId, tags }) => {
    return { resourceType: type, resourceId, tags, image: undefined };
  });
};
