import type { OssOperation } from '../operation.ts';
import { OVERRIDES, sendObject } from './shared/send-object.ts';

export const GetObject: OssOperation = {
  name: 'GetObject',
  method: 'GET',
  target: 'object',
  parameters: OVERRIDES.map((name) => `response-${name}`),
  run: (context) => sendObject(context),
};
