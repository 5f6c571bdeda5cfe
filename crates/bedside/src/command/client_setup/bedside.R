# Points bigrquery at bedside. Written by `bedside client-setup r`; it holds a token, keep it to yourself.
local({
  address <- "$URL"
  set <- function(name, value) {
    if (exists(name, envir = asNamespace("bigrquery"), inherits = FALSE)) {
      utils::assignInNamespace(name, value, ns = "bigrquery")
    }
  }
  set("base_url", paste0(address, "/bigquery/v2/"))
  set("upload_url", paste0(address, "/upload/bigquery/v2/"))
  # bigrquery takes any Token2.0; this one has its token from the start and never asks for another.
  token <- httr::Token2.0$new(
    app = httr::oauth_app("bedside", key = "bedside", secret = ""),
    endpoint = httr::oauth_endpoint(authorize = address, access = paste0(address, "/token")),
    credentials = list(access_token = "$TOKEN", token_type = "Bearer"),
    params = list(as_header = TRUE, scope = NULL),
    cache_path = FALSE
  )
  bigrquery::bq_auth(token = token)
  # The Storage API is at an address that cannot be changed; rows come over REST instead.
  options(bigrquery.page.size = 10000L)
  Sys.setenv(GOOGLE_CLOUD_PROJECT = "$PROJECT", BIGQUERY_TEST_PROJECT = "$PROJECT")
})
