import { operations, type OperationLoader } from '../operations/index.ts';
import type { Operation } from '../operation.ts';
import { ApiError } from '../errors.ts';

/** Finds operations by version and action; each module is loaded at its first call. */
export interface Registry {
  /** @throws ApiError InvalidVersion, InvalidAction.NotFound or InvalidAction.NotSupported */
  find(version: string, action: string): Operation | Promise<Operation>;
}

export const makeRegistry = (): Registry => {
  const loaded = new Map<string, Operation>();
  const loaders = new Map<string, OperationLoader>(
    operations.map((entry) => [`${entry.version} ${entry.action}`, entry]),
  );
  const load = async (key: string, version: string, action: string): Promise<Operation> => {
    const loader = loaders.get(key);
    if (loader === undefined) throw await whyUnknown(version, action);
    const operation = await loader.load();
    loaded.set(key, operation);
    return operation;
  };
  return {
    find(version, action) {
      const key = `${version} ${action}`;
      return loaded.get(key) ?? load(key, version, action);
    },
  };
};

const whyUnknown = async (version: string, action: string): Promise<ApiError> => {
  const { vendorActions } = await import('../operations/vendor-actions.ts');
  const { unaskedCalls } = await import('./unasked-calls.ts');
  if (unaskedCalls.has(`${version} ${action}`)) return new ApiError('InvalidAction.NotSupported');
  // The list is of ECS, and an Action of ECS may be served under the version of another product alone.
  const isEcs = operations.some(({ product, version: of }) => product === 'ecs' && of === version);
  if (isEcs && vendorActions.has(action)) return new ApiError('InvalidAction.NotSupported');
  if (operations.some((entry) => entry.action === action)) return new ApiError('InvalidVersion');
  if (!operations.some((entry) => entry.version === version)) return new ApiError('InvalidVersion');
  return vendorActions.has(action)
    ? new ApiError('InvalidAction.NotSupported')
    : new ApiError('InvalidAction.NotFound');
};
