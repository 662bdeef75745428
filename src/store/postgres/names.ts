// Ids and keys as PostgreSQL takes them: it keeps neither a NUL nor half of a surrogate pair, and a
// driver that replaced them would make two names one. They are escaped, and with them the backslash.
const awkward = /\\|\0|\p{Surrogate}/gu;
const escaped = /\\(\\|[0-9a-f]{4})/g;

export function encodeName(name: string): string {
  return name.replace(awkward, (unit) =>
    unit === '\\' ? '\\\\' : `\\${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function decodeName(text: string): string {
  return text.replace(escaped, (_, unit: string) =>
    unit === '\\' ? '\\' : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}
