export function StartPage() {
  return <p className="p-4">Start a run</p>
}
