import { choice, optional } from '../../../lib/schema.ts';

const LANGUAGES = ['zh-CN', 'zh-TW', 'en-US', 'ja', 'fr', 'de', 'ko'] as const;
export type AcceptLanguage = (typeof LANGUAGES)[number];

export const acceptLanguage = optional(
  choice(LANGUAGES, {
    description: 'Language of LocalName: zh-CN and zh-TW give Chinese, the others English.',
    invalid: 'InvalidAcceptLanguage.NotFound',
    default: 'zh-CN',
  }),
);

/** Names are known in simplified Chinese and in English only. */
export const isChinese = (language: AcceptLanguage = 'zh-CN'): boolean => language.startsWith('zh');
