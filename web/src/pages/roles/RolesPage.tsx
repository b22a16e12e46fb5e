export function RolesPage() { return <div>RolesPage</div>; }
