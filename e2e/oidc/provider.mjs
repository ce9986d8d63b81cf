// An OpenID provider for tests, the npm package oidc-provider as it is published, with its own pages to sign in and consent.
// Whoever signs in as a login is that subject; PEOPLE says what is known of it. It prints its issuer once it serves.
import { createServer } from 'node:http'
import { generateKeyPair, exportJWK } from 'jose'
import Provider from 'oidc-provider'

const people = JSON.parse(process.env.PEOPLE)
const inToken = process.env.CLAIMS_IN_TOKEN === '1' // else the ID token is short, and userinfo says the rest
const algorithm = process.env.ALGORITHM ?? 'RS256'

async function key(alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, use: 'sig' }
}
const keys = [await key('RS256'), await key('ES256')] // others at each start

const server = createServer()
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'granary',
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [process.env.REDIRECT],
      id_token_signed_response_alg: algorithm,
    }],
    jwks: { keys },
    cookies: { keys: ['of the tests'] },
    pkce: { required: () => true },
    conformIdTokenClaims: !inToken,
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'HS256'] },
    findAccount: (ctx, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
