// A role's strategy as the wire lists it (`["create","view:own"]`) and as the screen shows it: a reach an action.
export type Reach = 'none' | 'own' | 'all';
export type Strategy = Record<string, Reach>;

/** The actions of the product in case the server does not list them. */
export const knownActions = ['view', 'create', 'update', 'destroy', 'export', 'importXlsx'] as const;
export type KnownAction = (typeof knownActions)[number];

/** Actions that make rows reach no existing ones: they are allowed or not. */
export function hasReach(action: string): boolean {
  return action !== 'create' && action !== 'importXlsx';
}

export function readStrategy(actions: readonly string[]): Strategy {
  const strategy: Strategy = {};
  for (const entry of actions) {
    const [name = '', suffix] = entry.split(':');
    if (strategy[name] !== 'all') strategy[name] = suffix === 'own' ? 'own' : 'all';
  }
  return strategy;
}

export function writeStrategy(strategy: Strategy): string[] {
  return Object.entries(strategy).flatMap(([name, reach]) => (reach === 'none' ? [] : [reach === 'own' ? `${name}:own` : name]));
}
