export function RolePage({ name }: { name: string }) { return <div>{name}</div>; }
