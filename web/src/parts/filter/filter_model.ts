// A filter while it is being built: a tree of groups and conditions, and its two-way translation to the wire.
// Unfinished conditions (no field, no value yet) stay in the tree but never reach the wire.
import { operandOf } from './operators';

export interface Condition {
  kind: 'condition';
  id: number;
  /** A field, or a path through a relation: `author.name`. */
  path: string;
  operator: string;
  value: unknown;
}

export interface Group {
  kind: 'group';
  id: number;
  logic: '$and' | '$or';
  items: FilterNode[];
}

export type FilterNode = Condition | Group;
export type WireFilter = Record<string, unknown>;

let lastId = 0;
const nextId = () => (lastId += 1);

export function newCondition(path = '', operator = '', value: unknown = undefined): Condition {
  return { kind: 'condition', id: nextId(), path, operator, value };
}

export function newGroup(logic: Group['logic'] = '$and', items: FilterNode[] = []): Group {
  return { kind: 'group', id: nextId(), logic, items };
}

export function isComplete(condition: Condition): boolean {
  if (!condition.path || !condition.operator) return false;
  const { value } = condition;
  switch (operandOf(condition.operator)) {
    case 'none': return true;
    case 'values': return Array.isArray(value) && value.length > 0;
    case 'dates': return Array.isArray(value) && Boolean(value[0]) && Boolean(value[1]);
    default: return value !== undefined && value !== null && value !== '';
  }
}

/** The wire form, or undefined when nothing is asked. */
export function toWire(node: FilterNode): WireFilter | undefined {
  if (node.kind === 'condition') {
    if (!isComplete(node)) return undefined;
    return { [node.path]: { [node.operator]: operandOf(node.operator) === 'none' ? true : node.value } };
  }
  const parts = node.items.map(toWire).filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : { [node.logic]: parts };
}

/** The tree of a wire filter that this builder made; undefined for any other form. */
export function fromWire(filter: unknown): Group | undefined {
  const node = readNode(filter);
  if (!node) return undefined;
  return node.kind === 'group' ? node : newGroup('$and', [node]);
}

function readNode(filter: unknown): FilterNode | undefined {
  if (typeof filter !== 'object' || filter === null) return undefined;
  const entries = Object.entries(filter);
  const [only] = entries;
  if (entries.length !== 1 || !only) return undefined;
  const [name, body] = only;
  if (name === '$and' || name === '$or') {
    if (!Array.isArray(body)) return undefined;
    const items = body.map(readNode);
    return items.every((item) => item !== undefined) ? newGroup(name, items) : undefined;
  }
  if (name.startsWith('$') || typeof body !== 'object' || body === null) return undefined;
  const operators = Object.entries(body as object);
  const [operator] = operators;
  if (operators.length !== 1 || !operator?.[0].startsWith('$')) return undefined;
  return newCondition(name, operator[0], operandOf(operator[0]) === 'none' ? undefined : operator[1]);
}

export function countConditions(node: FilterNode): number {
  if (node.kind === 'condition') return isComplete(node) ? 1 : 0;
  return node.items.reduce((sum, item) => sum + countConditions(item), 0);
}

/** A copy of the tree with one node replaced, or removed when `change` answers undefined. */
export function replaceNode(group: Group, id: number, change: (node: FilterNode) => FilterNode | undefined): Group {
  const items = group.items.flatMap((item) => {
    if (item.id === id) return change(item) ?? [];
    return item.kind === 'group' ? replaceNode(item, id, change) : item;
  });
  return { ...group, items };
}

/** All of these at once; empty ones are dropped. */
export function joinFilters(...filters: (WireFilter | undefined)[]): WireFilter | undefined {
  const parts = filters.filter((filter) => filter !== undefined);
  return parts.length <= 1 ? parts[0] : { $and: parts };
}
