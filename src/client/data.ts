import json from './data.json' with { type: 'json' };
import type { OperationData } from './operation-data.ts';

/** Name → what is known of it. The generator writes the file from values of this very type. */
export const operations = json as unknown as Readonly<Record<string, OperationData>>;
