// What a decoded call asks for, in the words of policies: derived from the operation's declaration, so
// that an operation cannot be forgotten here.
import type { Ask } from '../domain/policy/permit.ts';
import type { AskedThing } from '../domain/policy/thing.ts';
import type { Regions } from '../domain/region.ts';
import type { Operation } from '../operation.ts';
import type { WireRequest } from '../wire/request.ts';

type Input = Readonly<Record<string, unknown>>;

export const askOf = (
  operation: Operation,
  input: Input,
  request: Pick<WireRequest, 'remoteAddress' | 'isSecure'>,
  regions: Regions,
): Ask => ({
  action: operation.access.action,
  things: thingsOf(operation, input, regions),
  makes: operation.kind !== 'read',
  requestTags: tagsOf(input.Tag),
  sourceIp: request.remoteAddress,
  isSecure: request.isSecure === true,
});

export const thingsOf = (operation: Operation, input: Input, regions: Regions): AskedThing[] => {
  const region = typeof input.RegionId === 'string' ? input.RegionId : undefined;
  return [operation.access.resource(input)].flat().map((asked) => {
    const thing: AskedThing = typeof asked === 'string' ? { resource: asked } : asked;
    const regionId = thing.regionId ?? region ?? regionOfId(regions, thing.resource);
    return { ...thing, regionId };
  });
};

/** Of a call that names a thing by id alone: the region whose code the id carries, empty for none. */
const regionOfId = (regions: Regions, resource: string): string => {
  const [, code] = /^[a-z]+\/[a-z]+-(\w{3})/.exec(resource) ?? [];
  return [...regions.values()].find((region) => region.code === code)?.regionId ?? '';
};

/** `Tag.N.Key` with a value; a list that names the key alone is not narrowed to a value. */
const tagsOf = (given: unknown): ReadonlyMap<string, string> => {
  const tags = new Map<string, string>();
  if (!Array.isArray(given)) return tags;
  for (const one of given as readonly unknown[]) {
    if (typeof one !== 'object' || one === null) continue;
    const { Key, Value } = one as { Key?: unknown; Value?: unknown };
    if (typeof Key === 'string' && typeof Value === 'string') tags.set(Key, Value);
  }
  return tags;
};
