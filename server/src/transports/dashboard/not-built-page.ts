/** What stands at the dashboard's addresses while there is no dashboard to serve; everything else works. */
export const NOT_BUILT_PAGE = `<!doctype html>
<html lang="en">
<title>Tailgate</title>
<h1>The dashboard is not built</h1>
<p>The gateway runs, and curl, the client and the API work. For the dashboard, run <code>pnpm build</code> in
Tailgate's directory and load this page again; <code>pnpm start</code> does that by itself.</p>
</html>
`
