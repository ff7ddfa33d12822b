import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hostilePaths } from './path-policy.corpus.ts'
import { createPathFixture, type PathFixture, refusal } from './path-policy.fixture.ts'
import { quoted } from './printable.ts'

let fixture: PathFixture
let root: string
const policy = () => fixture.policy()

beforeAll(async () => {
  fixture = await createPathFixture()
  root = fixture.root
})
afterAll(() => fixture.remove())

describe('the corpus of hostile paths', () => {
  test('holds at least 200 forms', () => {
    const forms = hostilePaths(root, 'secret.do')
    expect(new Set(forms).size).toBe(forms.length)
    expect(forms.length).toBeGreaterThanOrEqual(200)
  })

  test('none is let in as do-file, directory or artifact', async () => {
    for (const form of hostilePaths(root, 'secret.do')) {
      for (const result of [
        await policy().resolveDoFile(form),
        await policy().openArtifact(form),
        await policy().resolveWorkingDir(form),
      ]) {
        const error = refusal(result)
        expect(['bad-request', 'forbidden', 'not-found']).toContain(error.code)
        // The answer may repeat the request and the roots; what it must not do is tell where something leads.
        expect(error.message.replace(quoted(form), '').replace(quoted(`${form}.do`), '')).not.toMatch(
          /outside\/|\/etc|root-evil/,
        )
      }
    }
  })

  test('outside the roots, what exists and what does not look the same', async () => {
    const present = hostilePaths(root, 'secret.do')
    const absent = hostilePaths(root, 'absent.do')
    for (const [index, form] of present.entries()) {
      const twin = absent[index] ?? ''
      const [one, other] = [refusal(await policy().openArtifact(form)), refusal(await policy().openArtifact(twin))]
      expect({ form, code: other.code, message: other.message.replaceAll('absent.do', 'secret.do') }).toEqual({
        form,
        code: one.code,
        message: one.message,
      })
    }
  })

  test('no mix of components ever leads out of the root', async () => {
    const component = fc.constantFrom(
      ...['..', '.', '', 'sub', 'deep', 'link-dir-in', 'link-dir-out', 'link-parent', 'link-etc', 'link-proc', 'root'],
      ...[
        'main.do',
        'secret.do',
        'passwd',
        'outside',
        'ROOT',
        'root-evil',
        'fd',
        'cwd',
        'none',
        'loop-a.do',
        'environ',
      ],
    )
    const seed = Date.now()
    console.log(`seed ${seed}`)
    await fc.assert(
      fc.asyncProperty(fc.array(component, { maxLength: 10 }), fc.boolean(), async (parts, absolute) => {
        const form = `${absolute ? `${root}/` : ''}${parts.join('/')}`
        const directory = await policy().resolveWorkingDir(form)
        if (directory.ok) expect(`${directory.value.path}/`).toMatch(new RegExp(`^${root}/`))
        const file = await policy().openArtifact(form)
        if (file.ok) {
          await file.value.handle.close()
          expect(file.value.path).toMatch(new RegExp(`^${root}/`))
        }
      }),
      { seed, numRuns: 500 },
    )
  })
})
