// Which questions can be asked about a field, and what kind of answer each one wants.
import type { Field } from '@/api/types';
import { kindOf, type Kind } from '@/parts/fields/kind';

/** What stands beside the operator: nothing, the field's own input, several values, a date. */
export type Operand = 'none' | 'value' | 'values' | 'date' | 'dates';

export interface Operator {
  name: OperatorName;
  operand: Operand;
}

export type OperatorName =
  | '$includes' | '$notIncludes' | '$eq' | '$ne' | '$gt' | '$gte' | '$lt' | '$lte' | '$in' | '$notIn'
  | '$empty' | '$notEmpty' | '$isTruly' | '$isFalsy' | '$match' | '$notMatch' | '$anyOf' | '$noneOf'
  | '$dateOn' | '$dateNotOn' | '$dateBefore' | '$dateNotBefore' | '$dateAfter' | '$dateNotAfter' | '$dateBetween'
  | '$exists' | '$notExists';

const operands: Record<OperatorName, Operand> = {
  $includes: 'value', $notIncludes: 'value', $eq: 'value', $ne: 'value', $gt: 'value', $gte: 'value', $lt: 'value', $lte: 'value',
  $in: 'values', $notIn: 'values', $match: 'values', $notMatch: 'values', $anyOf: 'values', $noneOf: 'values',
  $empty: 'none', $notEmpty: 'none', $isTruly: 'none', $isFalsy: 'none', $exists: 'none', $notExists: 'none',
  $dateOn: 'date', $dateNotOn: 'date', $dateBefore: 'date', $dateNotBefore: 'date', $dateAfter: 'date', $dateNotAfter: 'date',
  $dateBetween: 'dates',
};

const text: OperatorName[] = ['$includes', '$notIncludes', '$eq', '$ne', '$empty', '$notEmpty'];
const number: OperatorName[] = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$empty', '$notEmpty'];
const date: OperatorName[] = [
  '$dateOn', '$dateNotOn', '$dateBefore', '$dateNotBefore', '$dateAfter', '$dateNotAfter', '$dateBetween', '$empty', '$notEmpty',
];
const sets: OperatorName[] = ['$anyOf', '$noneOf', '$match', '$notMatch', '$empty', '$notEmpty'];

const byKind: Record<Kind, OperatorName[]> = {
  text, longText: text, email: text, phone: text, url: text, color: text, password: [],
  integer: number, float: number, decimal: number, percent: number,
  boolean: ['$isTruly', '$isFalsy', '$empty', '$notEmpty'],
  choice: ['$eq', '$ne', '$in', '$notIn', '$empty', '$notEmpty'],
  choices: sets, list: sets,
  instant: date, wallTime: date, day: date,
  time: ['$eq', '$ne', '$empty', '$notEmpty'],
  json: ['$empty', '$notEmpty'],
  one: ['$exists', '$notExists'], many: ['$exists', '$notExists'],
};

export function operatorsOf(field: Field): Operator[] {
  return byKind[kindOf(field)].map((name) => ({ name, operand: operands[name] }));
}

export function operandOf(name: string): Operand {
  return operands[name as OperatorName] ?? 'value';
}

export const relativeDates = [
  'today', 'yesterday', 'tomorrow', 'thisWeek', 'lastWeek', 'nextWeek', 'thisMonth', 'lastMonth', 'nextMonth',
  'thisQuarter', 'lastQuarter', 'nextQuarter', 'thisYear', 'lastYear', 'nextYear',
] as const;
export type RelativeDate = (typeof relativeDates)[number];
