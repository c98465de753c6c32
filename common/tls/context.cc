// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/tls/context.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "common/tls/authorities.h"
#include "common/tls/openssl.h"

namespace tls {
namespace {

using base::ErrorKind;

base::Result<void> load_own(SSL_CTX* context, const Files& files) {
    ERR_clear_error();
    // Read by ourselves first: OpenSSL's words for a missing file don't name it.
    if (auto readable = read_file(files.certificate); !readable) return readable.error();
    if (auto readable = read_file(files.key); !readable) return readable.error();
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
        return openssl_error(ErrorKind::kInvalid, "certificate " + files.certificate);
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
        return openssl_error(ErrorKind::kInvalid, "key " + files.key);
    if (SSL_CTX_check_private_key(context) != 1) {
        return openssl_error(ErrorKind::kInvalid,
                             "key " + files.key + " does not belong to certificate " + files.certificate);
    }
    return {};
}

base::Result<void> load_trusted(SSL_CTX* context, const Files& files) {
    for (const Trust& trust : files.trusted) {
        if (auto readable = read_file(trust.file); !readable) return readable.error();
        if (SSL_CTX_load_verify_file(context, trust.file.c_str()) != 1)
            return openssl_error(ErrorKind::kInvalid, "authorities " + trust.file);
    }
    return {};
}

base::Result<SslCtxPtr> make_server(const Files& files, ClientCertificate wanted) {
    SslCtxPtr context(SSL_CTX_new(TLS_server_method()));
    if (!context) return openssl_error(ErrorKind::kUnavailable, "make a TLS context");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);  // 10,000 idle connections
    // No resumption: a ticket would carry an identity past its certificate's end.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context.get(), 0);
    if (auto loaded = load_own(context.get(), files); !loaded) return loaded.error();
    if (wanted == ClientCertificate::kRequired) {
        if (files.trusted.empty())
            return base::invalid("client certificates are wanted, but no authority is trusted for them");
        if (auto loaded = load_trusted(context.get(), files); !loaded) return loaded.error();
        auto authorities = Authorities::read(files.trusted, files.certificate);
        if (!authorities) return authorities.error();
        if (auto kept = attach(context.get(), std::move(*authorities)); !kept) return kept.error();
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        SSL_CTX_set_verify_depth(context.get(), 4);
        if (SSL_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_CLIENT) != 1)
            return openssl_error(ErrorKind::kUnavailable, "ask for client certificates");
    }
    return context;
}

// Where the role that a client wants of its server is kept beside libcurl's context.
void free_role(void* /*parent*/, void* role, CRYPTO_EX_DATA* /*data*/, int /*index*/, long /*argl*/,
               void* /*argp*/) noexcept {
    const std::unique_ptr<std::string> gone(static_cast<std::string*>(role));
}

int role_index() {
    static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_role);
    return kIndex;
}

int check_server_role(int trusted, X509_STORE_CTX* store) noexcept {
    if (trusted != 1 || X509_STORE_CTX_get_error_depth(store) != 0) return trusted;
    const auto* connection =
        static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const auto* role =
        static_cast<const std::string*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), role_index()));
    const auto identity = certificate_identity(X509_STORE_CTX_get_current_cert(store));
    if (role != nullptr && identity && identity->role == *role) return 1;
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

}  // namespace

base::Result<std::shared_ptr<ServerContext>> ServerContext::create(const Files& files,
                                                                   ClientCertificate wanted) {
    std::shared_ptr<ServerContext> made(new ServerContext(wanted));
    auto prepared = made->prepare(files);
    if (!prepared) return prepared.error();
    made->adopt(*std::move(prepared));
    return made;
}

ServerContext::~ServerContext() = default;

base::Result<ServerContext::Prepared> ServerContext::prepare(const Files& files) const {
    auto context = make_server(files, wanted_);
    if (!context) return context.error();
    return Prepared(*std::move(context));
}

SSL* ServerContext::new_connection() const { return SSL_new(context_.get()); }

base::Result<void> prepare_client(SSL_CTX* context, const Files& files, const std::string& server_role) {
    if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1)
        return openssl_error(ErrorKind::kUnavailable, "allow TLS 1.3 only");
    if (!files.certificate.empty()) {
        if (auto loaded = load_own(context, files); !loaded) return loaded;
    }
    if (auto loaded = load_trusted(context, files); !loaded) return loaded;
    if (server_role.empty()) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        return {};
    }
    auto role = std::make_unique<std::string>(server_role);
    if (SSL_CTX_set_ex_data(context, role_index(), role.get()) != 1)
        return openssl_error(ErrorKind::kUnavailable, "keep the server's role");
    (void)role.release();  // free_role has it now
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, check_server_role);
    return {};
}

base::Result<void> check(const Files& files) {
    const SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    if (!context) return openssl_error(ErrorKind::kUnavailable, "make a TLS context");
    return prepare_client(context.get(), files, "");
}

}  // namespace tls
