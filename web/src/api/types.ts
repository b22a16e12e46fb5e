// The documents of the wire, as far as the interface reads them. Unknown members are allowed everywhere.
export type Key = string | number;
export type Row = Record<string, unknown>;

export interface EnumOption {
  value: string | number;
  label: string;
  color?: string;
}

export interface ValidationRule {
  key?: string;
  name: string;
  args?: Record<string, unknown>;
}

export interface UiSchema {
  title?: string;
  enum?: EnumOption[];
  required?: boolean;
  'x-component'?: string;
  'x-component-props'?: Record<string, unknown>;
  [name: string]: unknown;
}

export interface Field {
  key: string;
  name: string;
  type: string;
  interface?: string | null;
  collectionName?: string;
  description?: string | null;
  uiSchema?: UiSchema | null;
  defaultValue?: unknown;
  unique?: boolean;
  index?: boolean;
  primaryKey?: boolean;
  autoIncrement?: boolean;
  allowNull?: boolean;
  hidden?: boolean;
  isForeignKey?: boolean;
  readonly?: boolean;
  treeParent?: boolean;
  treeChildren?: boolean;
  target?: string;
  foreignKey?: string;
  otherKey?: string;
  through?: string;
  sourceKey?: string;
  targetKey?: string;
  onDelete?: string;
  reverseKey?: string | null;
  scopeKey?: string;
  dataType?: string;
  engine?: string;
  expression?: string;
  patterns?: SequencePattern[];
  precision?: number;
  scale?: number;
  accuracy?: string;
  validation?: { type?: string; rules?: ValidationRule[] } | null;
  [name: string]: unknown;
}

export interface SequencePattern {
  type: string;
  options?: Record<string, unknown>;
}

export interface Category {
  id: Key;
  name: string;
  color?: string;
  sort?: number;
}

export interface Collection {
  key?: string;
  name: string;
  title?: string | null;
  description?: string | null;
  template?: string;
  hidden?: boolean;
  inherits?: string[];
  tree?: string;
  view?: boolean;
  viewName?: string;
  schema?: string;
  sql?: string;
  titleField?: string;
  filterTargetKey?: string | string[];
  simplePaginate?: boolean;
  unavailableActions?: string[];
  isThrough?: boolean;
  origin?: string;
  from?: string;
  sort?: number;
  category?: Category[];
  fields?: Field[];
  [name: string]: unknown;
}

export interface User {
  id: Key;
  nickname?: string | null;
  username?: string | null;
  email?: string | null;
  phone?: string | null;
  appLang?: string | null;
  roles?: Role[];
  [name: string]: unknown;
}

export interface Role {
  name: string;
  title?: string | null;
  description?: string | null;
  color?: string | null;
  default?: boolean;
  hidden?: boolean;
  allowConfigure?: boolean | null;
  allowNewMenu?: boolean | null;
  snippets?: string[];
  strategy?: { actions?: string[] } | null;
  [name: string]: unknown;
}

export interface ActionGrant {
  fields?: string[];
  filter?: unknown;
}

/** The answer of roles:check: what the caller may do. */
export interface Rights {
  role?: string;
  roles?: string[];
  roleMode?: string;
  strategy?: { actions?: string[] } | null;
  actions?: Record<string, ActionGrant | null>;
  resources?: string[];
  snippets?: string[];
  allowAll?: boolean;
  allowConfigure?: boolean;
}

export interface SystemSettings {
  id?: Key;
  title?: string;
  raw_title?: string;
  appLang?: string;
  enabledLanguages?: string[];
  timezone?: string;
  roleMode?: string;
  allowSignUp?: boolean;
  options?: Record<string, unknown> | null;
  [name: string]: unknown;
}
