// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/tls/context.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "common/base/bytes.h"
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

// A text kept beside a context, which owns it from then on.
void free_text(void* /*parent*/, void* text, CRYPTO_EX_DATA* /*data*/, int /*index*/, long /*argl*/,
               void* /*argp*/) noexcept {
    const std::unique_ptr<std::string> gone(static_cast<std::string*>(text));
}

// The role that a client wants of its server.
int role_index() {
    static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_text);
    return kIndex;
}

// The protocols that a server speaks.
int protocols_index() {
    static const int kIndex = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_text);
    return kIndex;
}

base::Result<const std::string*> keep_text(SSL_CTX* context, int index, const std::string& text) {
    auto kept = std::make_unique<std::string>(text);
    if (SSL_CTX_set_ex_data(context, index, kept.get()) != 1)
        return openssl_error(ErrorKind::kUnavailable, "keep a text with a TLS context");
    return kept.release();  // free_text has it now
}

// RFC 7301 §3.1: each name behind its length.
std::string listed(const Protocols& protocols) {
    std::string out;
    for (const std::string& name : protocols) out += static_cast<char>(name.size()) + name;
    return out;
}

int choose_protocol(SSL* connection, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void* /*context*/) noexcept {
    const auto* ours =
        static_cast<const std::string*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), protocols_index()));
    if (ours == nullptr) return SSL_TLSEXT_ERR_NOACK;
    const base::ByteView known = base::as_bytes(*ours);
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, length, known.data(), static_cast<unsigned>(known.size()), offered,
                              offered_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

base::Result<void> speak(SSL_CTX* context, const std::string& protocols) {
    if (protocols.empty()) return {};
    if (const auto kept = keep_text(context, protocols_index(), protocols); !kept) return kept.error();
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    return {};
}

// No resumption: a ticket would carry an identity past its certificate's end.
void never_resume(SSL_CTX* context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
}

base::Result<void> keep_authorities(SSL_CTX* context, const Files& files) {
    auto authorities = Authorities::read(files.trusted, files.certificate);
    if (!authorities) return authorities.error();
    return attach(context, std::move(*authorities));
}

base::Result<SslCtxPtr> make_server(const Files& files, ClientCertificate wanted) {
    SslCtxPtr context(SSL_CTX_new(TLS_server_method()));
    if (!context) return openssl_error(ErrorKind::kUnavailable, "make a TLS context");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);  // 10,000 idle connections
    never_resume(context.get());
    SSL_CTX_set_num_tickets(context.get(), 0);
    if (auto loaded = load_own(context.get(), files); !loaded) return loaded.error();
    if (wanted != ClientCertificate::kNone) {
        if (files.trusted.empty())
            return base::invalid("client certificates are wanted, but no authority is trusted for them");
        if (auto loaded = load_trusted(context.get(), files); !loaded) return loaded.error();
        if (wanted == ClientCertificate::kRequired) {
            if (auto kept = keep_authorities(context.get(), files); !kept) return kept.error();
        }
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        SSL_CTX_set_verify_depth(context.get(), 4);
        if (SSL_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_CLIENT) != 1)
            return openssl_error(ErrorKind::kUnavailable, "ask for client certificates");
    }
    return context;
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

ServerContext::ServerContext(ClientCertificate wanted, Protocols protocols)
    : wanted_(wanted), protocols_(listed(protocols)) {}

base::Result<std::shared_ptr<ServerContext>> ServerContext::create(const Files& files,
                                                                   ClientCertificate wanted,
                                                                   Protocols protocols) {
    std::shared_ptr<ServerContext> made(new ServerContext(wanted, std::move(protocols)));
    auto prepared = made->prepare(files);
    if (!prepared) return prepared.error();
    made->adopt(*std::move(prepared));
    return made;
}

ServerContext::~ServerContext() = default;

base::Result<ServerContext::Prepared> ServerContext::prepare(const Files& files) const {
    auto context = make_server(files, wanted_);
    if (!context) return context.error();
    if (auto spoken = speak(context->get(), protocols_); !spoken) return spoken.error();
    return Prepared(*std::move(context));
}

SSL* ServerContext::new_connection() const { return SSL_new(context_.get()); }

ClientContext::ClientContext(Protocols protocols) : protocols_(listed(protocols)) {}
ClientContext::~ClientContext() = default;

base::Result<std::shared_ptr<ClientContext>> ClientContext::create(const Files& files, Protocols protocols) {
    std::shared_ptr<ClientContext> made(new ClientContext(std::move(protocols)));
    auto prepared = made->prepare(files);
    if (!prepared) return prepared.error();
    made->adopt(*std::move(prepared));
    return made;
}

base::Result<ClientContext::Prepared> ClientContext::prepare(const Files& files) const {
    SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    if (!context) return openssl_error(ErrorKind::kUnavailable, "make a TLS context");
    if (files.certificate.empty() || files.trusted.empty())
        return base::invalid("a certificate of our own and trusted authorities are needed on both sides");
    never_resume(context.get());
    if (auto prepared = prepare_client(context.get(), files, ""); !prepared) return prepared.error();
    if (auto kept = keep_authorities(context.get(), files); !kept) return kept.error();
    const base::ByteView names = base::as_bytes(protocols_);
    // This one returns 0 when all is well.
    if (!names.empty() &&
        SSL_CTX_set_alpn_protos(context.get(), names.data(), static_cast<unsigned>(names.size())) != 0)
        return openssl_error(ErrorKind::kUnavailable, "offer application protocols");
    return Prepared(std::move(context));
}

SSL* ClientContext::new_connection() const { return SSL_new(context_.get()); }

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
    if (const auto kept = keep_text(context, role_index(), server_role); !kept) return kept.error();
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, check_server_role);
    return {};
}

base::Result<void> check(const Files& files) {
    const SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    if (!context) return openssl_error(ErrorKind::kUnavailable, "make a TLS context");
    return prepare_client(context.get(), files, "");
}

}  // namespace tls
