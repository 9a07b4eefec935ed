/** A value of an answer as text: nothing for what is absent, JSON for what is no scalar. */
export const valueText = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
