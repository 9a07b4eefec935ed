import type { OssOperation } from '../operation.ts';
import { sendObject } from './shared/send-object.ts';

export const HeadObject: OssOperation = {
  name: 'HeadObject',
  method: 'HEAD',
  target: 'object',
  parameters: [],
  run: (context) => sendObject(context),
};
