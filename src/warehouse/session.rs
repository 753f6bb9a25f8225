//! One connection to PostgreSQL, used one statement after the other. The client is asynchronous; we wait for it. A
//! session that is dropped within a transaction leaves the server as it was before that.

use std::io::Cursor;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::SinkExt;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, CopyInSink, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::fault::{of_connection, of_statement, refused};
use super::target::{Target, Trust};
use crate::error::{Error, Result};

/// A connection.
pub(super) struct Session {
    runtime: Runtime,
    client: Client,
}

impl Session {
    /// Connects to a server.
    pub(super) fn open(target: &Target) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|e| Error::io("the connection's thread", e))?;
        let tls = MakeRustlsConnect::new(tls(target)?);
        let connected = runtime.block_on(target.config.connect(tls));
        let (client, connection) = connected.map_err(|e| of_connection(&e, target))?;
        runtime.spawn(async move {
            // What breaks the connection shows in the statement at hand too.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "the connection to the warehouse ended");
            }
        });
        Ok(Self { runtime, client })
    }

    /// Runs statements that take and give nothing.
    pub(super) fn run(&self, sql: &str, doing: &str) -> Result<()> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(|e| of_statement(&e, doing))
    }

    /// Runs a statement, and says how many rows it touched.
    pub(super) fn execute(&self, sql: &str, values: &[&(dyn ToSql + Sync)], doing: &str) -> Result<u64> {
        self.runtime.block_on(self.client.execute(sql, values)).map_err(|e| of_statement(&e, doing))
    }

    /// Runs a query.
    pub(super) fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)], doing: &str) -> Result<Vec<Row>> {
        self.runtime.block_on(self.client.query(sql, values)).map_err(|e| of_statement(&e, doing))
    }

    /// Sends pieces of COPY's text format to a table, and says how many rows came of them.
    pub(super) fn copy(
        &self,
        into: &str,
        pieces: impl IntoIterator<Item = Result<Vec<u8>>>,
        doing: &str,
    ) -> Result<u64> {
        let fault = |e: tokio_postgres::Error| of_statement(&e, doing);
        let sink: CopyInSink<Cursor<Vec<u8>>> =
            self.runtime.block_on(self.client.copy_in(&format!("COPY {into} FROM STDIN"))).map_err(fault)?;
        let mut sink: Pin<Box<_>> = Box::pin(sink);
        for piece in pieces {
            // A sink that is dropped before `finish` has the server give up the copy.
            self.runtime.block_on(sink.feed(Cursor::new(piece?))).map_err(fault)?;
        }
        self.runtime.block_on(sink.as_mut().finish()).map_err(fault)
    }
}

/// How servers are trusted: as `sslmode=require` and stricter ask, or whoever answers.
fn tls(target: &Target) -> Result<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| refused(format!("TLS cannot be set up: {e}")))?;
    if target.trust == Trust::Anyone {
        let anyone = Arc::new(Anyone(provider));
        return Ok(builder.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth());
    }
    Ok(builder.with_root_certificates(roots(target)?).with_no_client_auth())
}

fn roots(target: &Target) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = &target.root_certificates {
        let fault = |e: &dyn std::fmt::Display| refused(format!("sslrootcert {}: {e}", path.display()));
        for certificate in CertificateDer::pem_file_iter(path).map_err(|e| fault(&e))? {
            roots.add(certificate.map_err(|e| fault(&e))?).map_err(|e| fault(&e))?;
        }
    } else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(refused("no certificate is trusted here; name one with sslrootcert=FILE"));
    }
    Ok(roots)
}

/// Encrypts with whoever answers, as `sslmode=prefer` means it: who needs more says `require`.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
