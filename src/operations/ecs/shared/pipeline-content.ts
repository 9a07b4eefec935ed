// What the contents of a pipeline may be: their form, the components that they name, and whether the
// system of the base image fits. Whether they need a machine is asked when an execution is started.
import {
  asImageComponent,
  matchesVersion,
  readComponentReference,
  type ComponentReference,
  type ComponentType,
  type ImageComponent,
} from '../../../domain/image-component.ts';
import type { OsType } from '../../../domain/image.ts';
import type { Scope } from '../../../domain/tx.ts';
import type { ReadContext } from '../../../operation.ts';
import { commandErrors, isCommandFault } from './component-content.ts';
import { readContent, type Command, type Content } from './template-content.ts';

export const pipelineContentErrors = {
  ...commandErrors,
  'InvalidBuildContent.LengthExceeded': 400,
  'InvalidParameter.BuildContent': 400,
  'InvalidParameter.TestContent': 400,
  'DuplicatedCommand.FROM': 400,
  'InvalidCommandOrder.FROM': 400,
  'InvalidImageComponent.NotSupported': 400,
  'ImagePipeline.NotSupportWindowsInstance': 403,
  'ImageComponent.NotFound': 404,
} as const;
type Code = keyof typeof pipelineContentErrors;
type Context = Pick<ReadContext<Code>, 'tx' | 'nowMs' | 'fail' | 'settings'>;

/** The content's commands need a machine to run on: everything but FROM does. */
export const needsMachine = (text: string): boolean => {
  if (text === '') return false;
  const content = readContent(text);
  if ('fault' in content || content.format === 'yaml') return true;
  return content.commands.some(({ name }) => name !== 'FROM');
};

/** Checks one content; gives the components that it names. */
export const checkPipelineContent = async (
  ctx: Context,
  scope: Scope,
  text: string | undefined,
  type: ComponentType,
  osType: OsType | undefined,
): Promise<ComponentReference[]> => {
  if (text === undefined) return [];
  const content = readOrFail(ctx, text, type);
  if (content.format === 'yaml') return [];
  checkFrom(ctx, content.commands, type);
  const isLinuxOnly = content.commands.some(({ name }) => name !== 'FROM' && name !== 'COMPONENT');
  if (isLinuxOnly && osType === 'windows')
    throw ctx.fail('ImagePipeline.NotSupportWindowsInstance');
  const references: ComponentReference[] = [];
  for (const { name, argument } of content.commands) {
    if (name !== 'COMPONENT') continue;
    const reference = readComponentReference(argument);
    if (reference === undefined) throw ctx.fail(invalid(type));
    const component = await findComponent(ctx, scope, reference);
    if (component === undefined) throw ctx.fail('ImageComponent.NotFound');
    const { componentType, systemType } = component.detail;
    if (componentType !== type) throw ctx.fail('InvalidImageComponent.NotSupported');
    if (osType !== undefined && systemType.toLowerCase() !== osType)
      throw ctx.fail('InvalidImage.OsTypeUnsupported');
    references.push(reference);
  }
  return references;
};

const invalid = (type: ComponentType) =>
  type === 'Build' ? 'InvalidParameter.BuildContent' : 'InvalidParameter.TestContent';

const readOrFail = (ctx: Context, text: string, type: ComponentType): Content => {
  const content = readContent(text);
  if (!('fault' in content)) return content;
  const { fault } = content;
  if (isCommandFault(fault)) throw ctx.fail(fault);
  if (fault === 'too-many') throw ctx.fail('InvalidImageTemplateCommandSize.ExceededMaxNumber');
  if (fault === 'too-long' && type === 'Build')
    throw ctx.fail('InvalidBuildContent.LengthExceeded');
  throw ctx.fail(invalid(type));
};

/** FROM is left from the older API, where it named the base image: the first command, once. */
const checkFrom = (ctx: Context, commands: readonly Command[], type: ComponentType): void => {
  const count = commands.filter(({ name }) => name === 'FROM').length;
  if (count > 0 && type === 'Test') throw ctx.fail('InvalidParameter.TestContent');
  if (count > 1) throw ctx.fail('DuplicatedCommand.FROM');
  if (count === 1 && commands[0]?.name !== 'FROM') throw ctx.fail('InvalidCommandOrder.FROM');
};

/** The caller's component; of several versions the newest that fits. */
const findComponent = async (
  { tx, nowMs, settings }: Context,
  scope: Scope,
  reference: ComponentReference,
): Promise<ImageComponent | undefined> => {
  if ('componentId' in reference) {
    const found = await tx.resource(scope, 'imagecomponent', reference.componentId, nowMs);
    return found && asImageComponent(found);
  }
  const { accountId, regionId, name, version } = reference;
  if (accountId !== scope.accountId || regionId !== scope.regionId) return undefined;
  const filter = { resourceType: 'imagecomponent', resourceName: name } as const;
  const page = { limit: settings.quotas.builderRecords, offset: 0 };
  const { rows } = await tx.resources(scope, filter, page, nowMs);
  return rows
    .map(asImageComponent)
    .find(({ detail }) => matchesVersion(detail.componentVersion, version));
};
