r"""Keys and tokens that can be told from their published form: prefix, length and alphabet.

Hyperscan looks for how they begin, which keeps its automaton small and quick to build; the whole form is then held
against the few places found. `\D` in a form stands for letters and digits, `\W` for those with `_` and `-`.
"""

from __future__ import annotations

from tidegate.content.recognisers._tokens import ANY, HEX, UP, Form, recogniser

_FORMS = (
    Form(
        "aws_key", "AWS IAM: identifiers", r"\b(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}\b",
        r"[A-Z0-9]{20}", "AKIA" + UP[:16],
    ),
    Form(
        "aws_bedrock_key", "AWS Bedrock: API keys", r"\bABSK[A-Za-z0-9]|\bbedrock-api-key-",
        r"ABSK[A-Za-z0-9+/]{100}|bedrock-api-key-\D{20}", "ABSK" + ANY[:110],
    ),
    Form(
        "aws_service_key", "AWS MWS and AppSync", r"\bamzn\.mws\.|\bda2-[a-z0-9]{4}",
        r"amzn\.mws\.[0-9a-z-]{36}|da2-[a-z0-9]{26}(?!\D)", "da2-" + HEX[:26],
    ),
    Form(
        "aws_signed_url", "AWS Signature Version 4: query parameters",
        r"[?&]X-Amz-(?:Signature|Security-Token|Algorithm)=",
        r".X-Amz-(?:Signature|Security-Token)=[A-Za-z0-9%+/=]{32}|.X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "https://b.s3.amazonaws.com/k?X-Amz-Signature=" + HEX[:64],
    ),
    Form(
        "azure_secret", "Microsoft Entra: client secrets", r"\b[A-Za-z0-9]{3}[78]Q~[A-Za-z0-9_~.-]",
        r".{6}[A-Za-z0-9_~.-]{34}", "aB38Q~" + ANY[:34],
    ),
    Form(
        "azure_storage_key", "Azure: storage accounts and DevOps tokens",
        r"\bAccountKey=[A-Za-z0-9+/]|JQQJ99[A-Z]", r"AccountKey=[A-Za-z0-9+/]{86}==|JQQJ99\D{18}AZDO\D{4}",
        "AccountKey=" + ANY[:86] + "==",
    ),
    Form(
        "alibaba_key", "Alibaba Cloud: AccessKey pairs", r"\bLTAI[A-Za-z0-9]{4}", r"LTAI\D{12,20}(?!\D)",
        "LTAI" + ANY[:20],
    ),
    Form(
        "google_key", "Google Cloud: API keys, OAuth secrets and tokens",
        r"\bAIza[A-Za-z0-9_-]{4}|\bGOCSPX-|\bya29\.|\b1//0[A-Za-z0-9_-]{4}",
        r"AIza\W{35}(?!\W)|GOCSPX-\W{28}|ya29\.\W{30}|1//0\W{40}", "AIza" + ANY[:35],
    ),
    Form(
        "digitalocean_token", "DigitalOcean API", r"\bdo[opr]_v1_", r"\w{7}[0-9a-f]{60}", "dop_v1_" + HEX[:64],
    ),
    Form(
        "cloudflare_token", "Cloudflare: token formats", r"\bcf(?:at|ut|k)_[A-Za-z0-9]", r"cf[a-z]{1,2}_\W{40}",
        "cfut_" + ANY[:48],
    ),
    Form(
        "heroku_key", "Heroku Platform API", r"\bHRKU-", r"HRKU-\W{36}", "HRKU-" + ANY[:60],
    ),
    Form(
        "akamai_key", "Akamai EdgeGrid", r"\bakab-[a-z0-9]", r"akab-[a-z0-9]{16}-[a-z0-9]{16}",
        "akab-" + HEX[:16] + "-" + HEX[16:32],
    ),
    Form(
        "json_web_token", "RFC 7519", r"\beyJ[A-Za-z0-9_-]{12}", r"ey\W{13,2000}\.ey\W{10,4000}\.\W{16,2000}",
        "eyJhbGciOiJSUzI1NiJ9Cg." + "eyJleHAiOjY1NTM2fQo." + ANY[:22],
    ),
    Form(
        "github_token", "GitHub: token formats", r"\bgh[pousr]_[A-Za-z0-9]|\bgithub_pat_",
        r"gh._\D{36}|ghs_\w{8}_eyJ\W{20}|github_pat_\w{50}", "ghp_" + ANY[:36],
    ),
    Form(
        "gitlab_token", "GitLab: token prefixes",
        r"\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|rtr|wt|oas)-|_gitlab_session=|\bGR1348941",
        r"gl[a-z]{2,5}-[A-Za-z0-9_.-]{18,64}|gloas-[0-9a-f]{64}|_gitlab_session=[0-9a-f]{32}|"
        r"GR1348941\W{20}", "glpat-" + ANY[:20],
    ),
    Form(
        "atlassian_token", "Atlassian and Bitbucket: API tokens",
        r"\bATATT3xFfG|\bATCTT3xFfG|\bATBB[A-Za-z0-9]{4}|\bBBDC-|"
        r"\b(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){3,4}O[g-v]", r"AT.TT3xFfG[\w=\\%-]{40}|ATBB\D{28}|BBDC-\D{40}|"
        r"[MNO]\D{12,15}O[g-v][A-Za-z0-9+/]{24,28}(?![A-Za-z0-9+/])", "ATBB" + ANY[:32],
    ),
    Form(
        "npm_token", "npm: access tokens", r"\bnpm_[A-Za-z0-9]{4}", r"npm_\D{36}(?!\D)", "npm_" + ANY[:36],
    ),
    Form(
        "pypi_token", "PyPI: API tokens", r"\bpypi-AgE", r"pypi-AgE\W{50}", "pypi-AgEIcHlwaS5vcmcC" + ANY[:60],
    ),
    Form(
        "rubygems_key", "RubyGems API", r"\brubygems_[0-9a-f]", r"rubygems_[0-9a-f]{48}", "rubygems_" + HEX[:48],
    ),
    Form(
        "nuget_key", "NuGet: scoped API keys", r"\boy2[a-p][a-z2-7]{4}", r"oy2[a-z0-9]{43}(?!\D)",
        "oy2" + "a" + HEX.replace("8", "q").replace("9", "r").replace("0", "s").replace("1", "t")[:42],
    ),
    Form(
        "clojars_token", "Clojars: deploy tokens", r"\bCLOJARS_", r"CLOJARS_[0-9a-f]{60}", "CLOJARS_" + HEX[:60],
    ),
    Form(
        "docker_token", "Docker: access tokens, Swarm keys", r"\bdckr_[po]at_|\bSWM(?:TKN|KEY)-1-",
        r"dckr_.at_\W{26}|SWM...-1-\W{40}", "dckr_pat_" + ANY[:27],
    ),
    Form(
        "slack_token", "Slack: token types, incoming webhooks",
        r"\bxox[abceoprs]-|\bxapp-\d|hooks\.slack\.com/services/T",
        r"xox.-[A-Za-z0-9-]{20}|xapp-\d-[A-Za-z0-9-]{20}|"
        r"hooks\S{10}/services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/\D{20}",
        "xoxb-" + "391809548274-4236212766789-" + ANY[:24],
    ),
    Form(
        "discord_token", "Discord: developer documentation",
        r"\b(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){4}|discord(?:app)?\.com/api/webhooks/\d",
        r"[MNO]\W{23,27}\.\W{6}\.\W{27}|discord\w{0,3}\.com/api/webhooks/\d{17,20}/\W{60}",
        "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ." + ANY[3:9] + "." + ANY[9:45],
    ),
    Form(
        "telegram_token", "Telegram Bot API", r"\b\d{8,10}:AA[A-Za-z0-9_-]", r"\d{8,10}:AA\W{32}",
        "508627689:AA" + ANY[:33],
    ),
    Form(
        "facebook_token", "Meta: access tokens",
        r"\bEAA[A-Z][A-Za-z0-9]{8}|\b\d{15,16}\|[A-Za-z0-9_-]{4}|\bIGQV[A-Z]",
        r"EAA[A-Z]\D{60}|\d{15,16}\|\W{27}(?!\W)|IGQV\W{60}", "EAAC" + ANY[:120],
    ),
    Form(
        "twitter_token", "X API: app-only bearer tokens", r"\bAAAAAAAAAAAAAAAAAAAA",
        r"A{19,22}\D{8,40}%\D{40}|A{19,22}[A-Za-z0-9]{8,40}%2[A-Za-z0-9%]{40}",
        "A" * 22 + ANY[:20] + "%" + ANY[:60],
    ),
    Form(
        "twilio_key", "Twilio API: SIDs", r"\b(?:SK|AC)(?:[0-9a-f]{32}|[0-9A-F]{32})\b", r".{34}(?!\W)",
        "SK" + HEX[:32],
    ),
    Form(
        "sendgrid_key", "SendGrid API", r"\bSG\.[A-Za-z0-9_-]{4}", r"SG\.\W{16,24}\.\W{16}",
        "SG." + ANY[:22] + "." + ANY[22:65],
    ),
    Form(
        "mail_service_key", "Mailgun, Mailchimp and Brevo APIs",
        r"\bkey-[0-9a-f]{8}|\bxkeysib-|[A-Za-z0-9]{32}-us\d{1,2}\b|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b",
        r"key-[0-9a-f]{32}(?!\W)|xkeysib-[0-9a-f]{64}|\D{32}-us\d{1,2}(?!\D)|"
        r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}(?!\W)", "key-" + HEX[:32],
    ),
    Form(
        "stripe_key", "Stripe: API keys; publishable ones are public", r"\b[sr]k_(?:live|test)_|\bwhsec_",
        r"[sr]k_(?:live|test)_\D{16}|whsec_\D{24}", "sk_live_" + ANY[:24],
    ),
    Form(
        "payment_key", "Square, PayPal and Shopify APIs",
        r"\bsq0[a-z]{3}-|\bEAAA[A-Za-z0-9]{4}|access_token\$production\$|\bshp(?:at|ca|pa|ss)_|"
        r"msq0[a-z]{3}-", r"m?sq0[a-z]{3}-\W{22}|EAAA\W{60}|access_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}|"
        r"shp.._[0-9a-fA-F]{32}", "shpat_" + HEX[:32],
    ),
    Form(
        "openai_key", "OpenAI API", r"\bsk-(?:proj|svcacct|admin)-|\bsk-[A-Za-z0-9]{20}T3Blb",
        r"sk-\W{20,90}T3BlbkFJ\W{20}", "sk-proj-" + ANY[:20] + "T3Blbk" + "FJ" + ANY[:24],
    ),
    Form(
        "anthropic_key", "Anthropic API", r"\bsk-ant-", r"sk-ant-[a-z]{3,8}\d\d-\W{60}",
        "sk-ant-api03-" + ANY[:93],
    ),
    Form(
        "model_service_key", "Hugging Face, Groq, xAI, Perplexity, Together, Tavily, LlamaIndex and DeepSeek APIs",
        r"\bhf_[A-Za-z]{8}|\bgsk_[A-Za-z0-9]|\bxai-[A-Za-z0-9]{8}|\bpplx-[A-Za-z0-9]|\btgp_v1_|"
        r"\btvly-[A-Za-z0-9]|\bllx-[A-Za-z0-9]|sk-[0-9a-f]{16}",
        r"hf_[A-Za-z]{34}|gsk_\D{52}|xai-\D{70}|pplx-\D{48}|tgp_v1_\W{40}|tvly-\W{32}|llx-\W{48}|"
        r"sk-[0-9a-f]{32}", "gsk_" + ANY[:52],
    ),
    Form(
        "hashicorp_token", "HashiCorp: Vault and Terraform tokens", r"\bhv[bsr]\.[A-Za-z0-9]|\.atlasv1\.",
        r"hv[bsr]\.[\w.-]{40}|\.atlasv1\.\W{60}", "hvs." + ANY[:120],
    ),
    Form(
        "databricks_token", "Databricks: personal access tokens", r"\bdapi[0-9a-f]{8}", r"dapi[0-9a-f]{32}",
        "dapi" + HEX[:32],
    ),
    Form(
        "dropbox_token", "Dropbox API", r"\bsl\.[A-Z][A-Za-z0-9]{4}|[A-Za-z0-9]1cAAAAAAAAAA",
        r"sl\.[A-Z]\W{60}|..cA{10}\W{40}(?!\W{8})", "sl.B" + ANY[:130],
    ),
    Form(
        "dynatrace_token", "Dynatrace API", r"\bdt0[a-z]\d\d\.[A-Z0-9]", r"dt0...\.[A-Z0-9]{24}\.[A-Z0-9]{60}",
        "dt0c01." + UP[:24] + "." + UP[:64],
    ),
    Form(
        "doppler_token", "Doppler API", r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.", r"dp\.[a-z]{2,5}\.\D{40}",
        "dp.pt." + ANY[:43],
    ),
    Form(
        "grafana_token", "Grafana: service accounts, API keys", r"\bglc_eyJ|\bglsa_|\beyJrIjoi",
        r"glc_eyJ\D{40}|glsa_\D{32}_[0-9a-f]{8}|eyJrIjoi[A-Za-z0-9+/]{50}", "glsa_" + ANY[:32] + "_" + HEX[:8],
    ),
    Form(
        "newrelic_key", "New Relic: API keys", r"\bNR(?:AK|II|JS|BR)-|[0-9a-f]{8}NRAL\b",
        r"NR..-\W{19}|[0-9a-f]{8}NRAL", "NRAK-" + UP[:27],
    ),
    Form(
        "sentry_token", "Sentry: auth tokens", r"\bsntrys_eyJ|\bsntryu_", r"sntrys_eyJ\D{40}|sntryu_[0-9a-f]{64}",
        "sntryu_" + HEX[:64],
    ),
    Form(
        "sonar_token", "SonarQube: tokens", r"\bsq[pua]_[0-9a-f]{4}", r"sq._[0-9a-f]{40}(?!\D)",
        "squ_" + HEX[:40],
    ),
    Form(
        "jfrog_token", "JFrog: API keys, reference tokens", r"\bAKCp[A-Za-z0-9]{4}|\bcmVmdGtuOjAx",
        r"AKCp\D{69}(?!\D)|cmVmdGtu\D{56}(?!\D)", "AKCp" + ANY[:69],
    ),
    Form(
        "database_service_key", "PlanetScale, Supabase, Netlify and Vercel APIs",
        r"\bpscale_(?:pw|tkn|oauth)_|\bsbp_[0-9a-fv]|\bnfp_[A-Za-z0-9]|\bvc[pkraci]_[A-Za-z0-9]",
        r"pscale_[a-z]{2,5}_[\w.-]{32}|sbp_(?:v0_)?[0-9a-f]{40}|nfp_\D{36}|vc._\D{56}", "nfp_" + ANY[:36],
    ),
    Form(
        "work_service_key", "Notion, Linear, Figma, Postman, PostHog and WunderGraph APIs",
        r"\bntn_\d|\blin_api_|\bfig[doparh]{1,2}_[A-Za-z0-9_]|\bPMA[KT]-|\bph[acrsx]_[A-Za-z0-9]{4}|"
        r"\bcosmo_[0-9a-f]", r"ntn_\D{40}|lin_api_\D{40}|fig[a-z]{1,2}_\W{40}|PMA.-[A-Za-z0-9-]{26}|ph._\D{40}|"
        r"cosmo_[0-9a-f]{32}", "lin_api_" + ANY[:40],
    ),
    Form(
        "salesforce_token", "Salesforce: session ids, consumer keys", r"\b00D[A-Za-z0-9]{12}!|\b3MVG[A-Za-z0-9._]",
        r"00D\D{12}![\w.]{80}|3MVG[\w.]{80}", "00DUI000005AecQ!" + ANY[:90],
    ),
    Form(
        "vault_key", "1Password service accounts, age, NATS NKEYS, Defined Networking",
        r"\bops_eyJ|\bAGE-SECRET-KEY-1|\bS[ACNOUX][A-Z2-7]{20}|\bdnkey-[A-Z0-9]",
        r"ops_eyJ\W{200}|AGE-SECRET-KEY-1[0-9A-Z]{58}|S[ACNOUX][A-Z2-7]{56}(?!\W)|dnkey-[A-Z0-9-]{79}",
        "AGE-SECRET-" + "KEY-1" + UP[:58],
    ),
    Form(
        "ntlm_response", "[MS-NLMP] 2.2.1.3, AUTHENTICATE_MESSAGE", r"TlRMTVNTUAADAAAA",
        r"TlRMTVNTUAADAAAA[A-Za-z0-9+/]{40}", "NTLM TlRMTVNTUAAD" + "AAAA" + ANY[:60],
    ),
)  # fmt: skip

TOKENS = tuple(recogniser(form) for form in _FORMS)
"""One an issuer, since an issuer's page is where the form is defined."""
