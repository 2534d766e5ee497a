//! unattended
