// What can go wrong with a call, as one type. Screens show message and hint, forms use the field names,
// and support asks for the trace id.
export interface ErrorEntry {
  message: string;
  code?: string;
  hint?: string;
  field?: string;
  traceId?: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly entries: readonly ErrorEntry[],
    readonly traceId?: string,
  ) {
    super(entries.map((entry) => entry.message).join('\n') || `HTTP ${status}`);
    this.name = 'ApiError';
  }

  get hint(): string | undefined {
    return this.entries.find((entry) => entry.hint)?.hint;
  }

  hasCode(code: string): boolean {
    return this.entries.some((entry) => entry.code === code);
  }

  /** Messages by field name, for forms; entries without a field are left out. */
  byField(): Record<string, string> {
    const fields: Record<string, string> = {};
    for (const { field, message } of this.entries) if (field && !fields[field]) fields[field] = message;
    return fields;
  }
}

/** The server could not be reached at all: no status, nothing arrived. */
export class NetworkError extends Error {
  constructor(cause: unknown) {
    super('network', { cause });
    this.name = 'NetworkError';
  }
}
