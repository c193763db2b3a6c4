module slipway.test/stand-in

go 1.24
