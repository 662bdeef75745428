// Forms that come back: what was typed stays in them, with what is wrong beside it.
import type { FormField } from './card.ts';

/**
 * Only what the field can hold: chats refuse a longer value, and a choice that is not offered. An
 * error stands in the place of the help, whose words it often has.
 */
export function withValue({ help, ...field }: FormField, value = '', error?: string): FormField {
  const isHeld = value !== '' && (field.options?.some((option) => option.value === value) ?? true);
  return {
    ...field,
    ...(isHeld ? { value: value.slice(0, field.lengthMax).replace(/\p{Cs}$/u, '') } : {}),
    ...(error === undefined ? (help === undefined ? {} : { help }) : { error }),
  };
}
